"""Rename a platform."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.accounts.saving import save_checked
from foundation.catalogue.kinds import PlatformChanged
from foundation.catalogue.models import Platform
from foundation.journal import record


@transaction.atomic
def change_platform(*, actor: Actor, platform: Platform, name: str) -> Platform:
    """Give the platform another name; its slug, which addresses hold, stays. Raises Forbidden, Invalid."""
    actor.require("platform.change", programme_id=platform.programme_id)
    platform = Platform.objects.select_for_update().get(pk=platform.pk)
    if platform.name != name:
        platform.name = name
        save_checked(platform, room="catalogue")
        record(PlatformChanged(name=name), subject=platform, actor=actor)
    return platform

"""Add a platform to a programme."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.accounts.saving import save_checked
from foundation.catalogue.kinds import PlatformAdded
from foundation.catalogue.models import Platform, Programme
from foundation.journal import record


@transaction.atomic
def add_platform(*, actor: Actor, programme: Programme, name: str, slug: str) -> Platform:
    """Add the platform. Raises Forbidden, Invalid (a name or slug that is taken or malformed)."""
    actor.require("platform.add", programme_id=programme.pk)
    platform = Platform(programme=programme, name=name, slug=slug)
    save_checked(platform, room="catalogue")
    record(PlatformAdded(programme_id=programme.pk, name=name), subject=platform, actor=actor)
    return platform

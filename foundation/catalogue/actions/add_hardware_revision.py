"""Add a hardware revision to a platform."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.accounts.saving import save_checked
from foundation.catalogue.kinds import HardwareAdded
from foundation.catalogue.models import HardwareRevision, Platform
from foundation.journal import record


@transaction.atomic
def add_hardware_revision(*, actor: Actor, platform: Platform, name: str) -> HardwareRevision:
    """Add the revision. Raises Forbidden, Invalid (a name that the platform has already)."""
    actor.require("hardware.add", programme_id=platform.programme_id)
    revision = HardwareRevision(platform=platform, name=name)
    save_checked(revision, room="catalogue")
    record(HardwareAdded(platform_id=platform.pk, name=name), subject=revision, actor=actor)
    return revision

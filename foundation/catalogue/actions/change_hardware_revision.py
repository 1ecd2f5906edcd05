"""Rename a hardware revision."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.accounts.saving import save_checked
from foundation.catalogue.kinds import HardwareChanged
from foundation.catalogue.models import HardwareRevision
from foundation.journal import record


@transaction.atomic
def change_hardware_revision(*, actor: Actor, revision: HardwareRevision, name: str) -> HardwareRevision:
    """Give the revision another name. Raises Forbidden, Invalid."""
    revision = HardwareRevision.objects.select_for_update(of=("self",)).select_related("platform").get(pk=revision.pk)
    actor.require("hardware.change", programme_id=revision.platform.programme_id)
    if revision.name != name:
        revision.name = name
        save_checked(revision, room="catalogue")
        record(HardwareChanged(name=name), subject=revision, actor=actor)
    return revision

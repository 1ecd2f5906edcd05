"""Change a programme's name or time zone."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.accounts.saving import save_checked
from foundation.accounts.validation import check_time_zone
from foundation.catalogue.kinds import ProgrammeChanged
from foundation.catalogue.models import Programme
from foundation.journal import record


@transaction.atomic
def change_programme(*, actor: Actor, programme: Programme, name: str, time_zone: str) -> Programme:
    """Give the programme this name and time zone; its slug stays. Raises Forbidden, Invalid."""
    actor.require("programme.change", programme_id=programme.pk)
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    if (programme.name, programme.time_zone) == (name, time_zone):
        return programme
    programme.name, programme.time_zone = name, check_time_zone(time_zone)
    save_checked(programme, room="catalogue")
    record(ProgrammeChanged(name=name, time_zone=time_zone), subject=programme, actor=actor)
    return programme

"""Take away what was imported under a name: by mistake, or under a wrong one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Programme
from foundation.journal import record
from foundation.kit.errors import Conflict, NotFound
from rnd.cycles import levels
from rnd.cycles.kinds import HistoryForgotten
from rnd.cycles.locking import lock_history
from rnd.cycles.models import ImportedCase


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many cases were taken away, and how many baselines that held earlier name their history."""

    cases: int
    earlier_baselines: int


@transaction.atomic
def forget_history(*, actor: Actor, programme: Programme, source: str) -> Forgotten:
    """Take every case of an imported history away. It can be imported again, under this name or another one.

    Baselines that held earlier stay on record. Raises Forbidden, NotFound `history.unknown`, and Conflict
    `history.is_baseline` where the programme compares itself with it now.
    """
    actor.require("history.forget", programme_id=programme.pk)
    lock_history(source)
    held = levels.baseline(programme.pk)
    if held is not None and source and held.source == source:
        said = _(
            "The imported history “%(source)s” is the baseline of %(programme)s (%(first)s to %(last)s). "
            "Set another baseline there first, then forget it."
        )
        told = {"source": source, "programme": programme.name, "first": held.first, "last": held.last}
        raise Conflict("history.is_baseline", said % told, field="source")
    # One statement in one transaction: killed at any moment, it has taken nothing or everything.
    cases, _by_model = ImportedCase.objects.filter(programme=programme, source=source).delete()
    if not cases:
        said = _("The programme has no imported history “%(source)s”.")
        raise NotFound("history.unknown", said % {"source": source}, field="source")
    record(HistoryForgotten(source=source, cases=cases), subject=programme, actor=actor)
    return Forgotten(cases, levels.baseline_history(programme.pk).filter(source=source).count())

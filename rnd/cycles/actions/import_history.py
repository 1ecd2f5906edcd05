"""Keep the cases of another tracker, measured by a mapping, in place of what was imported of them before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Programme
from foundation.journal import record
from foundation.kit.errors import Conflict
from rnd.cycles.clock.moments import from_us, maybe_from_us
from rnd.cycles.facts.raw import chunks
from rnd.cycles.history.cases import Case, Measured, StageMap, joined, measure, unmapped_states
from rnd.cycles.kinds import HistoryImported
from rnd.cycles.locking import lock_history
from rnd.cycles.models import ImportedCase

_FIELDS = (
    "started_at", "finished_at", "total_us", "events", "states_us", "stages_us", "unmapped_us", "reopened",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Imported:
    """How many cases with events were read, and how many of them were not stored just so before.

    `joined` had the name of another one; `unmapped` counts the events of every state that the mapping does not name.
    """

    cases: int
    changed: int
    events: int
    without_events: int
    joined: int
    unmapped: Mapping[str, int]


@transaction.atomic
def import_history(
    *, actor: Actor, programme: Programme, source: str, cases: Iterable[Case], mapping: StageMap
) -> Imported:
    """Store every case that has events, by its name; cases of one name are one. Doing it again changes nothing.

    Raises Forbidden, and Conflict `history.of_another_programme` where the source was imported for another one.
    """
    actor.require("history.import", programme_id=programme.pk)
    lock_history(source)
    if ImportedCase.objects.filter(source=source).exclude(programme=programme).exists():
        said = _("The history “%(source)s” was imported for another programme. Give this one another name.")
        raise Conflict("history.of_another_programme", said % {"source": source}, field="source")
    told = list(cases)
    every = joined(told)
    read = changed = 0
    for chunk in chunks(every, 2000):
        rows = {case.name: _row(programme, source, found) for case in chunk if (found := measure(case, mapping))}
        there = {row.name: row for row in ImportedCase.objects.filter(source=source, name__in=list(rows))}
        fresh = [row for name, row in rows.items() if name not in there or not _same(row, there[name])]
        ImportedCase.objects.bulk_create(
            fresh, update_conflicts=True, unique_fields=["source", "name"], update_fields=_FIELDS
        )
        read += len(rows)
        changed += len(fresh)
    if changed:
        record(HistoryImported(source=source, cases=read, changed=changed), subject=programme, actor=actor)
    return Imported(
        cases=read,
        changed=changed,
        events=sum(len(case.events) for case in every),
        without_events=len(every) - read,
        joined=len(told) - len(every),
        unmapped=unmapped_states(every, mapping),
    )


def _row(programme: Programme, source: str, found: Measured) -> ImportedCase:
    return ImportedCase(
        programme=programme,
        source=source,
        name=found.name,
        started_at=from_us(found.started_at),
        finished_at=maybe_from_us(found.finished_at),
        total_us=found.total,
        events=found.events,
        states_us=dict(found.states),
        stages_us=list(found.stages.values()),
        unmapped_us=found.unmapped,
        reopened=found.reopened,
    )


def _same(one: ImportedCase, other: ImportedCase) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in _FIELDS)

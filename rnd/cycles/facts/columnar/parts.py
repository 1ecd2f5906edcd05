"""The parts of tasks that a report is about, read by column: fresh weeks as packed, stale ones from the rows."""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from foundation.accounts.actors import Actor
from foundation.accounts.models import Role
from foundation.catalogue.models import Component, Programme
from rnd.cycles.facts.columnar.finished import narrowing
from rnd.cycles.facts.columnar.reading import Arrays, Mask, every, moment, read, taken
from rnd.cycles.facts.columnar.work import MEMBERS, OPENED, TYPES, packed
from rnd.cycles.filters import Filters
from rnd.engineering.policies import SEERS

_WEEKS: Final = (
    "s.programme_id = ANY(%(programmes)s) AND s.first::timestamp AT TIME ZONE 'UTC' < %(until)s "
    "AND (s.first + 7)::timestamp AT TIME ZONE 'UTC' > %(since)s"
)
_STALE: Final = f"{_WEEKS} AND s.computed < s.version"
# Of weeks that the period cuts, it has to be known when each part was.
_FRESH: Final = f"""
SELECT c.programme_id, c.first, c.name, c.packed
FROM cycles_workslab s JOIN cycles_workcolumn c ON c.programme_id = s.programme_id AND c.first = s.first
WHERE {_WEEKS} AND s.computed = s.version AND c.kind = '{{kind}}' AND (c.name = ANY(%(names)s)
    OR c.name = 'at' AND NOT (s.first::timestamp AT TIME ZONE 'UTC' >= %(since)s
        AND (s.first + 7)::timestamp AT TIME ZONE 'UTC' <= %(until)s))
"""


@dataclass(frozen=True, slots=True)
class TaskParts:
    """The parts of the tasks of these programmes (and the component) in [since, until); of what was opened, all.

    `serving` keeps the tasks that serve a ticket whose columns have these values; None keeps all.
    """

    using: str
    programmes: Sequence[int]
    component: int | None
    serving: Mapping[str, int] | None
    since: datetime
    until: datetime

    def read(self, kind: str, *names: str) -> Iterator[Arrays]:
        """Give these columns of each week that has any of the parts of a kind: of those parts."""
        asked = {*names, *(() if self.component is None else ("component_id",))}
        if self.serving is not None:
            asked |= {"part", *self.serving}
        ever = kind == OPENED
        params = {
            "programmes": list(self.programmes), "names": sorted(asked),
            "since": "-infinity" if ever else self.since, "until": "infinity" if ever else self.until,
        }  # fmt: skip
        query = f"{_FRESH.format(kind=kind)} UNION ALL {packed(kind, {*asked, 'at'}, _STALE)} ORDER BY 1, 2"
        for _first, arrays in read(self.using, query, params, TYPES):
            mask = self._mask(arrays, ever=ever)
            keep = None if mask is None else np.flatnonzero(mask)
            if keep is None or len(keep):
                yield {name: taken(arrays[name], keep) for name in names}

    def _mask(self, arrays: Arrays, *, ever: bool) -> Mask | None:
        """Tell which parts of a week are asked for; None for all."""
        masks: list[Mask] = []
        if self.component is not None:
            masks.append(arrays["component_id"] == self.component)
        if "at" in arrays and not ever:
            masks += [arrays["at"] >= moment(self.since), arrays["at"] < moment(self.until)]
        if self.serving is not None:
            # Where none of the week's tasks serves any ticket, there are no members.
            serving = np.zeros(max(len(values) for name, values in arrays.items() if name not in MEMBERS), dtype=bool)
            members = every([arrays[name] == value for name, value in self.serving.items() if name in arrays])
            if members is not None:
                serving[arrays["part"][members]] = True
            masks.append(serving)
        return every(masks)


def task_parts(actor: Actor, filters: Filters, using: str, since: datetime, until: datetime) -> TaskParts | None:
    """Give the parts of the tasks of a report; None for a reader who does not see all of a programme."""
    programmes = Programme.objects.order_by("pk")
    if not actor.is_system:
        if not actor.has_scope("tasks:read"):
            return None
        if filters.of_tickets and (not actor.has_scope("cycles:read") or actor.teams(Role.REPORTER)):
            return None
        programmes = programmes.filter(pk__in=actor.programmes(*SEERS))
    if filters.programme:
        programmes = programmes.filter(slug=filters.programme)
    component = None
    if filters.component:
        component = Component.objects.filter(slug=filters.component).values_list("pk", flat=True).first() or -1
    serving = narrowing(filters.but(component="")) if filters.of_tickets else None
    return TaskParts(using, list(programmes.values_list("pk", flat=True)), component, serving, since, until)

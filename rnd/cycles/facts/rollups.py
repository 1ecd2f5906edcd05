"""The roll-ups that follow every change of a loop, by differences: the daily flow, which spans and slabs are stale.
They change in the transaction in which the loops change, so they are the sum over the loops at any moment.
"""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Final

import numpy as np

from rnd.cycles.clock.stages import Stage
from rnd.cycles.facts.columnar.reading import NOTHING, Numbers
from rnd.cycles.facts.days import date_of, days_of, month_of, numbers_of, slab_of, week_of
from rnd.cycles.facts.lean.rows import PLACE, Row
from rnd.cycles.facts.raw import Cursor, array
from rnd.cycles.facts.vector.flat import sums
from rnd.cycles.facts.vector.loops import Loops

# programme, component, day
Cell = tuple[int, int, date]
# by, first day, programme, component (None: the whole programme)
SpanKey = tuple[str, date, int, int | None]

FLOW_COLUMNS: Final = (*(stage.value for stage in Stage), "finished")
_N: Final = len(Stage)
_PROGRAMME, _COMPONENT, _EXCLUDED = PLACE["programme_id"], PLACE["component_id"], PLACE["excluded"]
_REACHED, _FINISHED = PLACE["reached"], PLACE["finished_at"]


def _nothing() -> list[int]:
    return [0] * (_N + 1)


class Changes:
    """What a set of changed loops does to the roll-ups."""

    def __init__(self, zones: dict[int, str]) -> None:
        self.zones = zones
        # By programme and component, and then by day.
        self.flow: dict[tuple[int, int], dict[date, list[int]]] = defaultdict(lambda: defaultdict(_nothing))
        self.finishes: set[Cell] = set()

    def count(self, rows: Iterable[Row], by: int) -> None:
        """Count loops in (`by` = 1) or out (-1)."""
        for row in rows:
            if row[_EXCLUDED]:
                continue
            programme, component = row[_PROGRAMME], row[_COMPONENT]
            day_of, cells = days_of(self.zones[programme]), self.flow[programme, component]
            last, cell = None, _nothing()
            for place, mark in enumerate(row[_REACHED]):
                if mark != last:
                    if mark is None:
                        break
                    last, cell = mark, cells[day_of(mark)]
                cell[place] += by
            finished = row[_FINISHED]
            if finished is not None:
                day = day_of(finished)
                cells[day][_N] += by
                self.finishes.add((programme, component, day))

    def count_in(self, loops: Loops) -> None:
        """Count many loops in."""
        ends = np.column_stack([loops.reached, loops.of("finished_at")])
        whose = np.column_stack([loops.of("programme_id"), loops.of("component_id")])
        for programme, component in np.unique(whose[loops.included], axis=0).tolist():
            some = ends[loops.included & (whose == (programme, component)).all(axis=1)]
            _loop, place = there = np.nonzero(some != NOTHING)
            days = numbers_of(self.zones[programme], some[there])
            if len(days):
                first = int(days.min())
                counts = sums(
                    (days - first) * (_N + 1) + place, np.ones_like(days), (int(days.max()) - first + 1) * (_N + 1)
                )
                self._add(programme, component, first, counts.reshape(-1, _N + 1))

    def _add(self, programme: int, component: int, first: int, counts: Numbers) -> None:
        """Add so many to the cells of the days from a first one on."""
        cells = self.flow[programme, component]
        for number in np.flatnonzero(counts.any(axis=1)).tolist():
            day, added = date_of(first + number), counts[number].tolist()
            cells[day] = [one + other for one, other in zip(cells[day], added, strict=True)]
            if added[_N]:
                self.finishes.add((programme, component, day))

    def store(self, cursor: Cursor) -> None:
        """Write it down, in one order for all writers, so that two never wait for each other in a circle."""
        if cells := self.cells():
            cursor.execute(ADD.format(*["%s"] * 4, after="").encode(), cells)
        if self.finishes:
            cursor.execute(TOUCH.format(*["%s"] * 4, after="").encode(), self.spans())
            cursor.execute(TOUCH_SLABS.format(*["%s"] * 4, after="").encode(), self.slabs())

    def cells(self) -> list[str]:
        """Give what ADD takes, as arrays: programmes, components, days, and all counts of all cells; else nothing."""
        cells = sorted(
            ((*whose, day), counts) for whose, days in self.flow.items() for day, counts in days.items() if any(counts)
        )
        if not cells:
            return []
        keys = [array(cell[place] for cell, _counts in cells) for place in range(3)]
        return [*keys, array(count for _cell, counts in cells for count in counts)]

    def spans(self) -> list[str]:
        """Give what TOUCH takes, as arrays: programmes, components, lengths and first days of the stale spans."""
        spans = sorted(self._spans(), key=lambda span: (span[0], span[1], span[2], span[3] or 0))
        return [array("NULL" if span[place] is None else span[place] for span in spans) for place in (2, 3, 0, 1)]

    def slabs(self) -> list[str]:
        """Give what TOUCH_SLABS takes, as arrays: programmes, first days, the days behind the last ones, and zones."""
        slabs = sorted({(programme, *slab_of(day)) for programme, _component, day in self.finishes})
        zones = array(self.zones[programme] for programme, _first, _following in slabs)
        return [*(array(slab[place] for slab in slabs) for place in range(3)), zones]

    def _spans(self) -> set[SpanKey]:
        """Give the weeks and months of these finishes, each of the component and of the whole programme."""
        return {
            (length, first, programme, whose)
            for programme, component, day in self.finishes
            for length, first in (("week", week_of(day)), ("month", month_of(day)))
            for whose in (component, None)
        }


_COUNTS: Final = ", ".join(f"(counts)[{_N + 1} * (i - 1) + {place}]" for place in range(1, _N + 2))
ADD: Final = (
    f"INSERT INTO cycles_flow AS f (programme_id, component_id, day, {', '.join(FLOW_COLUMNS)}) "
    f"SELECT p, c, d, {_COUNTS} FROM (SELECT {{}}::bigint[], {{}}::bigint[], {{}}::date[], {{}}::int[]) "
    "AS t (ps, cs, ds, counts), unnest(ps, cs, ds) WITH ORDINALITY AS cells (p, c, d, i) {after} "
    "ON CONFLICT (programme_id, component_id, day) DO UPDATE SET "
    + ", ".join(f"{name} = f.{name} + excluded.{name}" for name in FLOW_COLUMNS)
)
TOUCH: Final = (
    "INSERT INTO cycles_span AS s (programme_id, component_id, by, first, version, computed, n, sums, places) "
    "SELECT p, c, b, f, 1, 0, 0, '{{}}', '{{}}' FROM unnest({}::bigint[], {}::bigint[], {}::text[], {}::date[]) "
    "AS t (p, c, b, f) {after} "
    "ON CONFLICT (programme_id, by, first, component_id) DO UPDATE SET version = s.version + 1"
)
# A slab that is stale stays as it is, but locked: who computes it reads what we wrote, or has gone before and we wait.
TOUCH_SLABS: Final = (
    "INSERT INTO cycles_slab AS s (programme_id, first, since, until, version, computed) "
    "SELECT p, f, f::timestamp AT TIME ZONE z, u::timestamp AT TIME ZONE z, 1, 0 "
    "FROM unnest({}::bigint[], {}::date[], {}::date[], {}::text[]) AS t (p, f, u, z) {after} "
    "ON CONFLICT (programme_id, first) DO UPDATE SET version = s.version + 1 WHERE s.computed >= s.version"
)

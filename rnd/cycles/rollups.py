"""The roll-ups that follow every change of a loop, by differences: the daily flow, which spans and slabs are stale.
They change in the transaction in which the loops change, so they are the sum over the loops at any moment.
"""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Final

from rnd.cycles.days import days_of, month_of, slab_of, week_of
from rnd.cycles.harvest import Cursor
from rnd.cycles.rows import PLACE, Row
from rnd.cycles.stages import Stage

# programme, component, day
Cell = tuple[int, int, date]
# by, first day, programme, component (None: the whole programme)
SpanKey = tuple[str, date, int, int | None]

FLOW_COLUMNS: Final = (*(stage.value for stage in Stage), "finished")
_N: Final = len(Stage)
_PROGRAMME, _COMPONENT, _EXCLUDED = PLACE["programme_id"], PLACE["component_id"], PLACE["excluded"]
_REACHED, _FINISHED = PLACE["reached"], PLACE["finished_at"]


class Changes:
    """What a set of changed loops does to the roll-ups."""

    def __init__(self, zones: dict[int, str]) -> None:
        self.zones = zones
        self.flow: dict[Cell, list[int]] = defaultdict(lambda: [0] * (_N + 1))
        self.finishes: set[Cell] = set()

    def count(self, rows: Iterable[Row], by: int) -> None:
        """Count loops in (`by` = 1) or out (-1)."""
        for row in rows:
            if row[_EXCLUDED]:
                continue
            programme, component = row[_PROGRAMME], row[_COMPONENT]
            day_of = days_of(self.zones[programme])
            last, cell = None, [0] * (_N + 1)
            for place, mark in enumerate(row[_REACHED]):
                if mark is None:
                    break
                if mark != last:
                    last, cell = mark, self.flow[programme, component, day_of(mark)]
                cell[place] += by
            finished = row[_FINISHED]
            if finished is not None:
                day = day_of(finished)
                self.flow[programme, component, day][_N] += by
                self.finishes.add((programme, component, day))

    def store(self, cursor: Cursor) -> None:
        """Write it down, in one order for all writers, so that two never wait for each other in a circle."""
        cells = sorted((cell, counts) for cell, counts in self.flow.items() if any(counts))
        if cells:
            columns = [[counts[place] for _cell, counts in cells] for place in range(_N + 1)]
            keys = [[cell[place] for cell, _counts in cells] for place in range(3)]
            cursor.execute(_ADD.encode(), [*keys, *columns])
        if self.finishes:
            spans = sorted(self._spans(), key=lambda span: (span[0], span[1], span[2], span[3] or 0))
            cursor.execute(_TOUCH, [[span[place] for span in spans] for place in (2, 3, 0, 1)])
            slabs = sorted({(programme, *slab_of(day)) for programme, _component, day in self.finishes})
            zones = [self.zones[programme] for programme, _first, _following in slabs]
            cursor.execute(_TOUCH_SLABS, [*([slab[place] for slab in slabs] for place in range(3)), zones])

    def _spans(self) -> set[SpanKey]:
        """Give the weeks and months of these finishes, each of the component and of the whole programme."""
        return {
            (length, first, programme, whose)
            for programme, component, day in self.finishes
            for length, first in (("week", week_of(day)), ("month", month_of(day)))
            for whose in (component, None)
        }


_ADD: Final = (
    f"INSERT INTO cycles_flow AS f (programme_id, component_id, day, {', '.join(FLOW_COLUMNS)}) "
    f"SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::date[]{', %s::int[]' * (_N + 1)}) "
    "ON CONFLICT (programme_id, component_id, day) DO UPDATE SET "
    + ", ".join(f"{name} = f.{name} + excluded.{name}" for name in FLOW_COLUMNS)
)
_TOUCH: Final = (
    "INSERT INTO cycles_span AS s (programme_id, component_id, by, first, version, computed, n, sums, places) "
    "SELECT p, c, b, f, 1, 0, 0, '{}', '{}' FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::date[]) "
    "AS t (p, c, b, f) "
    "ON CONFLICT (programme_id, by, first, component_id) DO UPDATE SET version = s.version + 1"
)
_TOUCH_SLABS: Final = (
    "INSERT INTO cycles_slab AS s (programme_id, first, since, until, version, computed) "
    "SELECT p, f, f::timestamp AT TIME ZONE z, u::timestamp AT TIME ZONE z, 1, 0 "
    "FROM unnest(%s::bigint[], %s::date[], %s::date[], %s::text[]) AS t (p, f, u, z) "
    "ON CONFLICT (programme_id, first) DO UPDATE SET version = s.version + 1"
)

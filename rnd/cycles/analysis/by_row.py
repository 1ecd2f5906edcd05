"""The finished loops of a report, counted row by row: for whoever sees only some loops of a programme."""

# ruff: noqa: S608, S611 -- queries are put together from what Django made and our own names only; every value is a parameter

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from fractions import Fraction
from itertools import accumulate
from typing import Any, Final

from django.db import connections
from django.db.models import BigIntegerField, F, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import RowNumber

from rnd.cycles.analysis.order import Ranked, nothing, ranked
from rnd.cycles.facts.columnar.loops import BUSY
from rnd.cycles.facts.columnar.ranks import Picked
from rnd.cycles.facts.spans import EXPRESSIONS as SUMMED
from rnd.cycles.measures import EXPRESSIONS
from rnd.cycles.models import Loop
from rnd.cycles.querysets import LoopQuerySet
from rnd.cycles.reports import TRUNCATE


@dataclass(frozen=True, slots=True)
class ByRow:
    """Figures of finished loops, as `ByColumn` gives them; weeks and months are those of `zone`.

    Sums are lists: n, and then what `spans.SUMS` names.
    """

    loops: LoopQuerySet[Loop]
    zone: tzinfo

    def percentiles(self, measures: Sequence[str], ps: tuple[Fraction, ...]) -> dict[str, Ranked]:
        """Give the percentiles of each measure; loops without it are left out."""
        return {measure: self._percentiles(measure, ps) for measure in measures}

    def _percentiles(self, measure: str, ps: tuple[Fraction, ...]) -> Ranked:
        told: Any = RawSQL(EXPRESSIONS[measure], (), output_field=BigIntegerField())
        return ranked(self.loops.annotate(measured=told), "measured", ps=ps).get("", nothing(ps))

    def pick(self, ranks_of: Callable[[int], Collection[int]]) -> Picked:
        """Give the lengths at the ranks that `ranks_of(n)` names."""
        n = self.loops.count()
        lengths = self.loops.order_by("total_us").values_list("total_us", flat=True)
        return Picked(n, {rank: length for rank in ranks_of(n) for length in lengths[rank - 1 : rank]})

    def count_below(self, edges: Sequence[int]) -> list[int]:
        """Give how many loops are shorter than each of these lengths."""
        ordered = sorted(set(edges))
        rows = self._rows(
            "SELECT width_bucket(total_us, %s::bigint[]), count(*) FROM ({loops}) AS l GROUP BY 1", [ordered]
        )
        found: dict[int, int] = dict(rows)
        # A bucket is the count of edges that a loop comes up to.
        below = dict(zip(ordered, accumulate(found.get(place, 0) for place in range(len(ordered))), strict=True))
        return [below[edge] for edge in edges]

    def trend(self, by: str, ps: tuple[Fraction, ...]) -> dict[date, Ranked]:
        """Give the percentiles of the lengths by week, month or quarter, its first day being the key."""
        groups = ranked(self.loops, by=TRUNCATE[by]("finished_at", tzinfo=self.zone), ps=ps)
        # PostgreSQL writes the beginning of a period as the clocks of the zone show it, without an offset.
        return {datetime.fromisoformat(text).date(): some for text, some in groups.items()}

    def summed(self) -> list[int]:
        """Give the sums."""
        (sums,) = self._rows(_SUMS)
        return [int(value or 0) for value in sums]

    def recorded(self) -> tuple[int, int]:
        """Give n, and in how many of them modes were recorded."""
        ((n, recorded),) = self._rows("SELECT count(*), count(*) FILTER (WHERE modes_recorded) FROM ({loops}) AS l")
        return n, recorded

    def busy(self) -> list[int]:
        """Give the sums of what BUSY names."""
        (sums,) = self._rows(_BUSY_SUMS)
        return [int(value) for value in sums]

    def groups(self, by: str) -> dict[tuple[int, date], list[int]]:
        """Give the sums by component and the first day of the week, month or quarter."""
        rows = self._rows(_BY_GROUP, [by, str(self.zone)])
        return {(component, first): [int(value) for value in values] for component, first, *values in rows}

    def passes(self) -> dict[int, tuple[int, list[int]]]:
        """Give by count of passes how many loops needed so many, and the sum of the time in each of these passes."""
        found: dict[int, tuple[int, list[int]]] = {}
        for number, _place, n, length in self._rows(_OF_PASSES):
            found.setdefault(number, (n, []))[1].append(int(length))
        return found

    def band(self, first: int, last: int) -> list[int]:
        """Give the sums of the loops from one rank by length to another; of equal ones the older ticket is first."""
        in_order = self.loops.annotate(rank=Window(RowNumber(), order_by=[F("total_us"), F("pk")]))
        band = self.loops.filter(pk__in=in_order.filter(rank__gte=first, rank__lte=last).values("pk"))
        return ByRow(band, self.zone).summed()

    def ends(self, first: int, last: int) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """Give the length and the ticket at each of two ranks; None where there are not so many loops."""
        in_order = self.loops.order_by("total_us", "pk").values_list("total_us", "pk")
        found = [pair for rank in (first, last) for pair in in_order[rank - 1 : rank]]
        return (found[0], found[1]) if found[1:] else None

    def _rows(self, query: str, before: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Give the rows of a query over `{loops}`; the parameters `before` stand before those of the loops."""
        loops, params = self.loops.order_by().query.sql_with_params()
        with connections[self.loops.db].cursor() as cursor:
            cursor.execute(query.replace("{loops}", loops), [*before, *params])
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


_SUMS: Final = f"SELECT count(*), {', '.join(SUMMED)} FROM ({{loops}}) AS l"
_BUSY: Final = ", ".join(
    f"coalesce(sum(length) FILTER (WHERE stage = '{stage}' AND mode = '{mode}'), 0)" for stage, mode in BUSY
)
_BUSY_SUMS: Final = (
    f"SELECT {_BUSY} FROM ({{loops}}) AS l, LATERAL (SELECT stage, mode, "
    "(extract(epoch FROM until - since) * 1000000)::bigint AS length FROM cycles_segment s "
    "WHERE s.loop_id = l.ticket_id AND s.mode <> 'waiting' OFFSET 0) AS spent "
    "WHERE l.modes_recorded"
)
_BY_GROUP: Final = (
    "SELECT component_id, date_trunc(%s, finished_at AT TIME ZONE %s)::date, count(*), "
    f"{', '.join(SUMMED)} FROM ({{loops}}) AS l GROUP BY 1, 2"
)
_OF_PASSES: Final = (
    "SELECT passes, place, count(*), sum(length) FROM ({loops}) AS l, "
    "unnest(pass_us) WITH ORDINALITY AS p (length, place) GROUP BY passes, place ORDER BY passes, place"
)

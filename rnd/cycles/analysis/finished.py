"""The finished loops of one report, read once for all its figures: by column where blocks can answer, else by row."""

# ruff: noqa: S608, S611 -- queries are put together from what Django made and our own names only; every value is a parameter

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from typing import Any, Final

from django.db import connections
from django.db.models import BigIntegerField, F, Q, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import RowNumber

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Component, Programme
from rnd.cycles.analysis.order import Ranked, nothing, places, ranked
from rnd.cycles.analysis.rolled import only_programme
from rnd.cycles.blocks import BUSY
from rnd.cycles.columns import Columns, columns_of
from rnd.cycles.figures import FEWEST, PERCENTILES, Percentile, ranks
from rnd.cycles.filters import Filters
from rnd.cycles.measures import EXPRESSIONS, OF_PASSES, OF_SUMS, TOTAL
from rnd.cycles.models import Loop
from rnd.cycles.querysets import LoopQuerySet
from rnd.cycles.reports import Group, finished
from rnd.cycles.selection import Picked, count_below, pick, pick_each
from rnd.cycles.spans import EXPRESSIONS as SUMMED
from rnd.cycles.spans import SUMS, sums_of
from rnd.cycles.stages import Mode, Stage
from rnd.cycles.sums import Sums


class Finished:
    """What the filters let through of what the actor may see, counted and finished in the period."""

    def __init__(self, actor: Actor, filters: Filters) -> None:
        self._actor = actor
        self._filters = filters

    @cached_property
    def loops(self) -> LoopQuerySet[Loop]:
        """The rows."""
        return finished(self._actor, self._filters)

    @cached_property
    def columns(self) -> Columns | None:
        """The same by column; None where the filters divide no blocks."""
        return columns_of(self._actor, self._filters)

    def percentiles(self, measure: str = TOTAL, ps: Iterable[Fraction] = PERCENTILES) -> Ranked:
        """Give the percentiles of a measure; loops without it are left out."""
        wanted = tuple(ps)
        if self.columns is None:
            told: Any = RawSQL(EXPRESSIONS[measure], (), output_field=BigIntegerField())
            return ranked(self.loops.annotate(measured=told), "measured", ps=wanted).get("", nothing(wanted))
        found = pick(self.columns, measure, lambda n: places(n, wanted) if n >= FEWEST else ())
        return Ranked(found.n, tuple(_percentile(found.n, p, found.values) for p in wanted))

    def percentiles_of_each(self, measures: Sequence[str], ps: Iterable[Fraction] = PERCENTILES) -> dict[str, Ranked]:
        """Give the percentiles of many measures, asked together where blocks can answer."""
        wanted, columns = tuple(ps), self.columns
        if columns is None:
            return {measure: self.percentiles(measure, wanted) for measure in measures}
        queries = {measure: columns.sorted(measure) for measure in measures}
        runs = " UNION ALL ".join(
            f"SELECT '{measure}', n, numbers FROM ({query}) AS r (n, numbers)"
            for measure, (query, _params) in queries.items()
        )
        params = [value for _query, given in queries.values() for value in given]
        with connections[columns.using].cursor() as cursor:
            cursor.execute(f"SELECT g, sum(n)::bigint, count(*) FROM ({runs}) AS r (g, n, v) GROUP BY g", params)
            counted = {measure: (n, pieces) for measure, n, pieces in cursor.fetchall()}
        found = pick_each(columns.using, runs, params, counted, lambda n: places(n, wanted) if n >= FEWEST else ())
        if found is None:  # loops changed in between
            return {measure: self.percentiles(measure, wanted) for measure in measures}
        return {
            measure: Ranked(n, tuple(_percentile(n, p, found.get(measure, {})) for p in wanted))
            for measure in measures
            for n in [counted.get(measure, (0, 0))[0]]
        }

    @cached_property
    def sums(self) -> Sums:
        """All additive figures."""
        n, values = self._summed
        return sums_of(n, values[: len(SUMS)]) if n else Sums()

    @cached_property
    def modes(self) -> dict[Stage, dict[Mode, int]]:
        """Microseconds by stage and mode; they add up to the sums by stage."""
        _n, values = self._summed
        found = {stage: dict.fromkeys(Mode, 0) for stage in Stage}
        for (stage, mode), length in zip(BUSY, values[len(SUMS) :], strict=True):
            found[stage][mode] = length
        for stage in Stage:
            found[stage][Mode.WAITING] = self.sums.stages[stage] - sum(found[stage].values())
        return found

    @cached_property
    def _summed(self) -> tuple[int, list[int]]:
        """Give n, and what OF_SUMS holds, over all loops."""
        columns, size = self.columns, len(SUMS) + len(BUSY)
        if columns is None:
            return _add_up(size, [_rows_summed(self.loops.db, *_sql(self.loops))])
        parts = []
        with connections[columns.using].cursor() as cursor:
            if columns.whole:
                each = ", ".join(f"sum(numbers[{place}])" for place in range(1, size + 1))
                query, params = columns.blocks(OF_SUMS, "n, numbers")
                cursor.execute(f"SELECT coalesce(sum(n), 0), {each} FROM ({query}) AS b (n, numbers)", params)
                parts.append(cursor.fetchone())
        if columns.windows:
            parts.append(_rows_summed(columns.using, *columns.loops("*")))
        return _add_up(size, parts)

    def groups(self) -> list[Group]:
        """Give the sums by component and by week or month, as the filters have it."""
        by, zone, size = self._filters.by, str(self._filters.zone), len(SUMS)
        # A slab lies in one week and one month of its own programme's zone. Those of teams are not divided further.
        programme = only_programme(self._actor, self._filters)
        divided = programme is not None and programme.time_zone == zone and not self._filters.team
        columns = self.columns if divided else None
        parts: list[tuple[str, str, list[Any]]] = []
        if columns is None:
            parts = [(self.loops.db, *_sql(self.loops))]
        elif columns.windows:
            parts = [(columns.using, *columns.loops("*"))]
        found: dict[tuple[int, date], list[list[Any]]] = defaultdict(list)
        asked = [(using, _ROWS_BY_GROUP.format(query=query), [by, zone, *params]) for using, query, params in parts]
        if columns is not None and columns.whole:
            query, params = columns.blocks(OF_SUMS, "component_id, first, n, numbers")
            asked.append((columns.using, _BLOCKS_BY_GROUP.format(query=query), [by, *params]))
        for using, query, params in asked:
            with connections[using].cursor() as cursor:
                cursor.execute(query, params)
                for component, first, *values in cursor.fetchall():
                    found[component, first].append(values)
        names = Component.objects.in_bulk({component for component, _first in found})
        groups = []
        for (component, first), some in found.items():
            n, values = _add_up(size, some)
            groups.append(Group(names[component].slug, names[component].name, first, sums_of(n, values)))
        return groups

    def passes(self) -> dict[int, tuple[int, list[int]]]:
        """Give by count of passes how many loops needed so many, and the sum of the time in each of these passes."""
        columns, parts = self.columns, []
        if columns is None:
            parts = [(self.loops.db, *_by_pass(*_sql(self.loops)))]
        else:
            if columns.whole:
                query, params = columns.blocks(OF_PASSES, "passes, n, numbers")
                parts.append((columns.using, _OF_PASSES.format(query=query), params))
            if columns.windows:
                parts.append((columns.using, *_by_pass(*columns.loops("*"))))
        found: dict[int, tuple[int, list[int]]] = {}
        for using, query, params in parts:
            with connections[using].cursor() as cursor:
                cursor.execute(query, params)
                for number, place, n, length in cursor.fetchall():
                    count, lengths = found.get(number, (0, [0] * number))
                    lengths[place - 1] += int(length)
                    found[number] = (count + n if place == 1 else count, lengths)
        return found

    def count_below(self, edges: Sequence[int]) -> list[int]:
        """Give how many loops are shorter than each of these lengths."""
        if self.columns is not None:
            return count_below(self.columns, TOTAL, edges)
        ordered = sorted(set(edges))
        lengths: Any = self.loops.values("total_us")
        query, params = _sql(lengths)
        with connections[self.loops.db].cursor() as cursor:
            cursor.execute(
                f"SELECT width_bucket(total_us, %s::bigint[]), count(*) FROM ({query}) AS l GROUP BY 1",
                [ordered, *params],
            )
            found = dict(cursor.fetchall())
        # A bucket is the count of edges that a loop comes up to.
        below = dict(zip(ordered, accumulate(found.get(place, 0) for place in range(len(ordered))), strict=True))
        return [below[edge] for edge in edges]

    def pick(self, ranks_of: Callable[[int], Collection[int]]) -> Picked:
        """Give the lengths at the ranks that `ranks_of(n)` names."""
        if self.columns is not None:
            return pick(self.columns, TOTAL, ranks_of)
        n = self.loops.count()
        lengths = self.loops.order_by("total_us").values_list("total_us", flat=True)
        return Picked(n, {rank: length for rank in ranks_of(n) for length in lengths[rank - 1 : rank]}, {})

    def lets_through(self, severity: str) -> bool:
        """Tell whether the filters ask for loops of this severity."""
        return self._filters.severity in {"", severity}

    def alike(self, programme: Programme, severity: str) -> Finished:
        """Give those of a programme and a severity, both of which the filters must let through."""
        found = Finished(self._actor, self._filters.but(programme=programme.slug, severity=severity))
        if self.columns is not None:
            found.columns = self.columns.narrowed(programme.pk, severity=severity)
        return found

    def between(self, first: int, last: int) -> LoopQuerySet[Any]:
        """Give the loops from rank `first` to rank `last` by length (of equal ones the older ticket stands first)."""
        if self.columns is None:
            in_order = self.loops.annotate(rank=Window(RowNumber(), order_by=[F("total_us"), F("pk")]))
            return self.loops.filter(pk__in=in_order.filter(rank__gte=first, rank__lte=last).values("pk"))
        found = pick(self.columns, TOTAL, lambda n: {rank for rank in (first, last) if rank <= n})
        if len(found.values) < len({first, last}):
            return self.loops.none()
        low, high = found.values[first], found.values[last]
        oldest, newest = self._ticket(low, first - found.below[first]), self._ticket(high, last - found.below[last])
        return self.loops.filter(
            Q(total_us__gt=low) | Q(total_us=low, pk__gte=oldest),
            Q(total_us__lt=high) | Q(total_us=high, pk__lte=newest),
            total_us__range=(low, high),
        )

    def _ticket(self, length: int, place: int) -> int:
        """Give the ticket at a place (from 1) among the loops of one length."""
        return self.loops.filter(total_us=length).order_by("pk").values_list("pk", flat=True)[place - 1 : place].get()


def _percentile(n: int, p: Fraction, values: dict[int, int]) -> Percentile:
    if n < FEWEST:
        return Percentile(p, n, None)
    low, rank, high = ranks(n, p)
    return Percentile(p, n, values[rank], low and values[low], high and values[high])


def _sql(loops: LoopQuerySet[Any]) -> tuple[str, list[Any]]:
    """Give the query for whole rows."""
    query, params = loops.order_by().query.sql_with_params()
    return query, list(params)


def _rows_summed(using: str, query: str, params: Sequence[Any]) -> tuple[int, ...]:
    """Give n and what OF_SUMS holds over some rows."""
    busy = ", ".join(
        f"coalesce(sum(length) FILTER (WHERE stage = '{stage}' AND mode = '{mode}'), 0)" for stage, mode in BUSY
    )
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT count(*), {', '.join(SUMMED)} FROM ({query}) AS l", params)
        summed = cursor.fetchone() or ()
        cursor.execute(
            f"SELECT {busy} FROM ({query}) AS l, LATERAL (SELECT stage, mode, "
            "(extract(epoch FROM until - since) * 1000000)::bigint AS length FROM cycles_segment s "
            "WHERE s.loop_id = l.ticket_id AND s.began = l.started_at AND s.mode <> 'waiting' OFFSET 0) AS spent "
            "WHERE l.modes_recorded",
            params,
        )
        return (*summed, *(cursor.fetchone() or ()))


def _add_up(size: int, parts: Iterable[Sequence[Any]]) -> tuple[int, list[int]]:
    totals = [0] * (size + 1)
    for part in parts:
        totals = [total + int(value or 0) for total, value in zip(totals, part, strict=True)]
    return totals[0], totals[1:]


_ROWS_BY_GROUP: Final = (
    "SELECT component_id, date_trunc(%s, finished_at AT TIME ZONE %s)::date, count(*), "
    f"{', '.join(SUMMED)} FROM ({{query}}) AS l GROUP BY 1, 2"
)
_BLOCKS_BY_GROUP: Final = (
    "SELECT component_id, date_trunc(%s, first::timestamp)::date, sum(n), "
    f"{', '.join(f'sum(numbers[{place}])' for place in range(1, len(SUMS) + 1))} "
    "FROM ({query}) AS b (component_id, first, n, numbers) GROUP BY 1, 2"
)
_OF_PASSES = (
    "SELECT passes, place, sum(n), sum(length) FROM ({query}) AS b (passes, n, numbers), "
    "unnest(numbers) WITH ORDINALITY AS p (length, place) GROUP BY passes, place"
)


def _by_pass(query: str, params: list[Any]) -> tuple[str, list[Any]]:
    counted = f"SELECT passes, place, count(*), sum(length) FROM ({query}) AS l, "
    return counted + "unnest(pass_us) WITH ORDINALITY AS p (length, place) GROUP BY passes, place", params

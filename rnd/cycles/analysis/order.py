"""Order statistics over loops, group by group: PostgreSQL sorts and counts, which rank it is is decided in integers."""

# ruff: noqa: S608 -- queries are put together from what Django made and our own names only; every value is a parameter

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from django.db import connections
from django.db.models import F, QuerySet, Value
from django.utils.translation import gettext

from foundation.kit.errors import Unavailable
from rnd.cycles.statistics.figures import FEWEST, PERCENTILES, Percentile, ranks

TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Ranked:
    """The percentiles of one group's values in microseconds; n is their count."""

    n: int
    percentiles: tuple[Percentile, ...]

    def at(self, p: Fraction) -> Percentile:
        """Give one percentile; raises KeyError for one that was not asked for."""
        return {found.p: found for found in self.percentiles}[p]


def ranked(
    loops: QuerySet[Any], column: str = "total_us", *, by: Any = None, ps: Iterable[Fraction] = PERCENTILES
) -> dict[str, Ranked]:
    """Give the percentiles of a column (its nulls left out) for each value of `by`, as text; "" without `by`.

    `by` is a field name or an expression. Two statements; they are asked again when loops changed in between.
    """
    wanted = tuple(ps)
    group = Value("") if by is None else F(by) if isinstance(by, str) else by
    values = loops.order_by().annotate(ranked_by=group).values_list("ranked_by", column)
    sql, params = values.query.sql_with_params()
    base = f"(SELECT * FROM ({sql}) AS asked (g, v) WHERE v IS NOT NULL)"
    with connections[loops.db].cursor() as cursor:
        for _try in range(TRIES):
            cursor.execute(f"SELECT g::text, count(*) FROM {base} AS l GROUP BY g", params)
            counts = dict(cursor.fetchall())
            wanted_of = {name: places(n, wanted) for name, n in counts.items() if n >= FEWEST}
            given = [[*wanted_of], [_fractions(counts[name], some) for name, some in wanted_of.items()]]
            # Of one group, nothing needs to be joined: that is the report over a million loops.
            query, more = (_OF_ONE, given[1]) if by is None and wanted_of else (_OF_GROUPS, given)
            cursor.execute(query.replace("{base}", base), [*more, *params])
            found = {
                name: (n, dict(zip(wanted_of[name], values, strict=True))) for name, n, values in cursor.fetchall()
            }
            if all(name in found and found[name][0] == counts[name] for name in wanted_of):
                return {
                    name: ranked_at(n, wanted, found[name][1] if name in found else {}) for name, n in counts.items()
                }
    raise Unavailable("report.changing", gettext("The loops change faster than they can be read. Try again."))


_OF_ONE: Final = """
SELECT '', count(*), percentile_disc(string_to_array(%s, ' ')::float8[]) WITHIN GROUP (ORDER BY l.v) FROM {base} AS l
"""
_OF_GROUPS: Final = """
WITH w AS (SELECT g, string_to_array(f, ' ')::float8[] AS f FROM unnest(%s::text[], %s::text[]) AS t (g, f))
SELECT w.g, count(*), percentile_disc(w.f) WITHIN GROUP (ORDER BY l.v)
FROM {base} AS l JOIN w ON w.g = l.g::text GROUP BY w.g, w.f
"""


def places(n: int, ps: tuple[Fraction, ...]) -> list[int]:
    """Give every rank that is needed of n values."""
    return sorted({rank for p in ps for rank in ranks(n, p) if rank is not None})


def _fractions(n: int, places: Iterable[int]) -> str:
    """Give for each rank a fraction that percentile_disc reads as just this rank.

    It takes ceil(fraction · n): in the middle of the step, no rounding of floats can reach the next one.
    """
    return " ".join(repr((rank - 0.5) / n) for rank in places)


def ranked_at(n: int, ps: tuple[Fraction, ...], values: Mapping[int, int]) -> Ranked:
    """Give the percentiles of n values out of those at the ranks that `places` names; below ten they are hidden."""
    if n < FEWEST:
        return Ranked(n, tuple(Percentile(p, n, None) for p in ps))
    percentiles = []
    for p in ps:
        low, rank, high = ranks(n, p)
        bounds = [None if bound is None else values[bound] for bound in (low, high)]
        percentiles.append(Percentile(p, n, values[rank], *bounds))
    return Ranked(n, tuple(percentiles))


def nothing(ps: Iterable[Fraction] = PERCENTILES) -> Ranked:
    """Give the percentiles of no loops at all."""
    wanted = tuple(ps)
    return Ranked(0, tuple(Percentile(p, 0, None) for p in wanted))

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
from rnd.cycles.figures import FEWEST, PERCENTILES, Percentile, ranks

TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Ranked:
    """The percentiles of one group's values in microseconds, each with a ticket that has it; n is their count."""

    n: int
    percentiles: tuple[Percentile, ...]
    tickets: tuple[int | None, ...]

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
    values = loops.order_by().annotate(ranked_by=group).values_list("ranked_by", column, "pk")
    sql, params = values.query.sql_with_params()
    base = f"(SELECT * FROM ({sql}) AS asked (g, v, ticket) WHERE v IS NOT NULL)"
    with connections[loops.db].cursor() as cursor:
        for _try in range(TRIES):
            cursor.execute(f"SELECT g::text, count(*) FROM {base} AS l GROUP BY g", params)
            counts = dict(cursor.fetchall())
            places = {
                (name, rank)
                for name, n in counts.items()
                if n >= FEWEST
                for p in wanted
                for rank in ranks(n, p)
                if rank is not None
            }
            cursor.execute(
                "SELECT r.g, r.rank, r.of, r.v, r.ticket FROM (SELECT g::text AS g, v, ticket, "
                "row_number() OVER (PARTITION BY g ORDER BY v, ticket) AS rank, count(*) OVER (PARTITION BY g) AS of "
                f"FROM {base} AS l) AS r JOIN unnest(%s::text[], %s::bigint[]) AS w (g, rank) USING (g, rank)",
                [*params, [name for name, _rank in places], [rank for _name, rank in places]],
            )
            found = {(name, rank): (of, value, ticket) for name, rank, of, value, ticket in cursor.fetchall()}
            if found.keys() == places and all(of == counts[name] for (name, _rank), (of, *_) in found.items()):
                return {name: _of(name, n, wanted, found) for name, n in counts.items()}
    raise Unavailable("report.changing", gettext("The loops change faster than they can be read. Try again."))


def _of(name: str, n: int, ps: tuple[Fraction, ...], found: Mapping[tuple[str, int], tuple[int, int, int]]) -> Ranked:
    if n < FEWEST:
        return Ranked(n, tuple(Percentile(p, n, None) for p in ps), (None,) * len(ps))
    percentiles, tickets = [], []
    for p in ps:
        low, rank, high = ranks(n, p)
        bounds = [None if bound is None else found[name, bound][1] for bound in (low, high)]
        percentiles.append(Percentile(p, n, found[name, rank][1], *bounds))
        tickets.append(found[name, rank][2])
    return Ranked(n, tuple(percentiles), tuple(tickets))


def nothing(ps: Iterable[Fraction] = PERCENTILES) -> Ranked:
    """Give the percentiles of no loops at all."""
    wanted = tuple(ps)
    return Ranked(0, tuple(Percentile(p, 0, None) for p in wanted), (None,) * len(wanted))

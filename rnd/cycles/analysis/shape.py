"""The shape of the loop times: every loop as a dot, and how many loops took how long."""

# ruff: noqa: S608 -- queries are put together from what Django made and our own names only; every value is a parameter

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connections

from foundation.accounts.actors import Actor
from rnd.cycles.analysis.order import Ranked, nothing, ranked
from rnd.cycles.figures import P95
from rnd.cycles.filters import Filters
from rnd.cycles.reports import finished

MOST_DOTS: Final = 2000
MOST_BARS: Final = 40
_HOUR: Final = 3_600_000_000
# Widths of a bar that a person counts in: hours, days, weeks, four weeks, and so on.
WIDTHS: Final = tuple(_HOUR * hours for hours in (1, 2, 4, 6, 12, 24, 48, 96, 168, 336, 672, 1344, 2688, 8736, 17472))


@dataclass(frozen=True, slots=True)
class Dot:
    ticket_id: int
    finished_at: datetime
    total_us: int
    passes: int


@dataclass(frozen=True, slots=True)
class Scatter:
    """The newest finished loops (at most MOST_DOTS of `loop.n`), and the percentiles of all of them as lines."""

    dots: Sequence[Dot]
    loop: Ranked

    @property
    def left_out(self) -> int:
        return self.loop.n - len(self.dots)


def scatter(actor: Actor, filters: Filters) -> Scatter:
    """Give the dots, the newest first; each is a ticket."""
    loops = finished(actor, filters)
    rows = loops.order_by("-finished_at", "-pk").values_list("pk", "finished_at", "total_us", "passes")[:MOST_DOTS]
    return Scatter(
        [Dot(pk, at, total, passes) for pk, at, total, passes in rows if at is not None],
        ranked(loops).get("", nothing()),
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """How many loops took [since_us, until_us); the last bar has no end."""

    since_us: int
    until_us: int | None
    n: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars of equal width that cover at least 95 % of the loops, and one for all longer ones. They add up to n."""

    n: int
    width_us: int
    bars: Sequence[Bar]


def histogram(actor: Actor, filters: Filters) -> Histogram:
    """Count the finished loops by their length."""
    loops = finished(actor, filters)
    p95 = ranked(loops, ps=[P95]).get("", nothing([P95])).percentiles[0]
    n = p95.n
    longest = p95.value
    if longest is None:
        longest = loops.order_by("-total_us").values_list("total_us", flat=True).first() or 0
    width = next((width for width in WIDTHS if longest < width * MOST_BARS), WIDTHS[-1])
    count = min(MOST_BARS, longest // width + 1)
    sql, params = loops.order_by().values_list("total_us").query.sql_with_params()
    with connections[loops.db].cursor() as cursor:
        cursor.execute(
            f"SELECT least(total_us / %s, %s), count(*) FROM ({sql}) AS l (total_us) GROUP BY 1",
            [width, count, *params],
        )
        found = dict(cursor.fetchall())
    bars = [Bar(place * width, (place + 1) * width, found.get(place, 0)) for place in range(count)]
    return Histogram(n, width, [*bars, Bar(count * width, None, found.get(count, 0))])

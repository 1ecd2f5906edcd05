"""The shape of the loop times: every loop as a dot, and how many loops took how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

from foundation.accounts.actors import Actor
from rnd.cycles.analysis.finished import Finished
from rnd.cycles.analysis.order import Ranked
from rnd.cycles.filters import Filters
from rnd.cycles.statistics.figures import P95

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
    found = Finished(actor, filters)
    rows = found.loops.order_by("-finished_at", "-pk").values_list("pk", "finished_at", "total_us", "passes")[
        :MOST_DOTS
    ]
    return Scatter(
        [Dot(pk, at, total, passes) for pk, at, total, passes in rows if at is not None],
        found.percentiles(),
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
    loops = Finished(actor, filters)
    p95 = loops.percentiles(ps=[P95]).percentiles[0]
    n = p95.n
    longest = p95.value
    if longest is None:
        longest = loops.loops.order_by("-total_us").values_list("total_us", flat=True).first() or 0
    width = next((width for width in WIDTHS if longest < width * MOST_BARS), WIDTHS[-1])
    count = min(MOST_BARS, longest // width + 1)
    below = loops.count_below([(place + 1) * width for place in range(count)])
    bars = [
        Bar(place * width, (place + 1) * width, upto - before)
        for place, (before, upto) in enumerate(pairwise([0, *below]))
    ]
    return Histogram(n, width, [*bars, Bar(count * width, None, n - below[-1])])

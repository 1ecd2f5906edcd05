"""The figures of reports: percentiles that were observed, their intervals, and means that add up. Exact throughout."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeVar

from rnd.cycles.statistics.binomial import quantile_ranks
from rnd.cycles.statistics.shares import apportion

K = TypeVar("K", bound=Hashable)

P50: Final = Fraction(1, 2)
P85: Final = Fraction(85, 100)
P95: Final = Fraction(95, 100)
PERCENTILES: Final = (P50, P85, P95)

# Below this many items percentiles are hidden: the p95 of nine values is only their maximum.
FEWEST: Final = 10
# What a 95 % interval leaves out on each side.
TAIL: Final = Fraction(25, 1000)


@dataclass(frozen=True, slots=True)
class Percentile:
    """The p-th percentile of n items, with a 95 % interval; a bound is None where n is too small to give it.

    `value` is None below n = 10: hidden.
    """

    p: Fraction
    n: int
    value: int | None
    low: int | None = None
    high: int | None = None

    @property
    def percent(self) -> int:
        """85 for the 85th percentile."""
        return int(self.p * 100)

    @property
    def hidden(self) -> bool:
        return self.value is None


def nearest_rank(n: int, p: Fraction) -> int:
    """Give ceil(p·n), from 1: the rank of the smallest value that at least p of the n items meet."""
    return max(1, -(-p.numerator * n // p.denominator))


def ranks(n: int, p: Fraction) -> tuple[int | None, int, int | None]:
    """Give the ranks (from 1) of the interval's lower bound, the percentile and its upper bound among n items."""
    low, high = quantile_ranks(n, p, TAIL)
    return low or None, nearest_rank(n, p), high if high <= n else None


def percentile(ordered: Sequence[int], p: Fraction) -> Percentile:
    """Give a percentile of values in ascending order."""
    n = len(ordered)
    if n < FEWEST:
        return Percentile(p, n, None)
    low, rank, high = ranks(n, p)
    return Percentile(
        p,
        n,
        ordered[rank - 1],
        None if low is None else ordered[low - 1],
        None if high is None else ordered[high - 1],
    )


def means(sums: Mapping[K, int], n: int, *, unit: int = 1) -> dict[K, int]:
    """Give the mean of each part over n items, in whole units, so that the parts add up to the mean of the whole.

    The mean of the whole is rounded half up to `unit`, the parts by largest remainder; n must be at least 1.
    """
    return apportion({key: Fraction(total, n) for key, total in sums.items()}, unit=unit)

"""Exact statements about the binomial distribution, in integers: no float ever decides a rank."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from math import comb
from typing import Final

# Up to here the weights themselves are small enough; above, they are enclosed between integers.
SMALL: Final = 300


@lru_cache(maxsize=4096)
def quantile_ranks(n: int, p: Fraction, tail: Fraction) -> tuple[int, int]:
    """Give the ranks (lower, upper) between which the p-quantile of n observations lies.

    With B ~ Binomial(n, p): lower is the largest rank with P(B < lower) ≤ tail, and upper the smallest with
    P(B ≥ upper) ≤ tail, so the interval from the lower-th to the upper-th smallest observation holds the
    p-quantile with a probability of at least 1 − 2·tail, whatever the distribution (David and Nagaraja, Order
    Statistics, 3rd ed., section 7.1). lower = 0 or upper = n + 1 means that no observation is far enough out.
    Takes n ≥ 0, 0 < p < 1, 0 < tail < 1/2.
    """
    bits = 64
    while n > SMALL and bits <= 1024:
        ranks = _ranks(_enclosed(n, p, bits), tail)
        if ranks is not None:
            return ranks
        bits *= 2  # the enclosure was too wide to be certain
    ranks = _ranks(_exact(n, p), tail)
    assert ranks is not None, "exact weights leave nothing open"
    return ranks


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of B = first, first + 1, …, each between `low` and `high`; what lies outside is at most `under`, `over`.

    They are probabilities times an unknown constant, which no comparison needs.
    """

    first: int
    low: Sequence[int]
    high: Sequence[int]
    under: int = 0
    over: int = 0


def _exact(n: int, p: Fraction) -> Weights:
    a, b = p.numerator, p.denominator - p.numerator
    weights = [comb(n, k) * a**k * b ** (n - k) for k in range(n + 1)]
    return Weights(0, weights, weights)


def _enclosed(n: int, p: Fraction, bits: int) -> Weights:
    """Go outwards from the most likely value by the ratios of neighbours, rounding down and up."""
    a, b = p.numerator, p.denominator - p.numerator
    mode = (n + 1) * a // p.denominator
    low_down, high_down, under = _walk(((k * b, (n - k + 1) * a) for k in range(mode, 0, -1)), bits)
    low_up, high_up, over = _walk((((n - k) * a, (k + 1) * b) for k in range(mode, n)), bits)
    one = 1 << bits
    return Weights(
        first=mode - len(low_down),
        low=[*reversed(low_down), one, *low_up],
        high=[*reversed(high_down), one, *high_up],
        under=under,
        over=over,
    )


def _walk(ratios: Iterable[tuple[int, int]], bits: int) -> tuple[list[int], list[int], int]:
    """Multiply up falling ratios (numerator, denominator) from 2^bits until next to nothing is left.

    Gives lower and upper bounds, and an upper bound of the sum of all that follow: as the ratios fall, a geometric
    series is above it.
    """
    low = high = 1 << bits
    enough = 1 << bits // 3
    lows: list[int] = []
    highs: list[int] = []
    for above, below in ratios:
        if high < enough and above < below:
            return lows, highs, -(-high * above // (below - above))
        low = low * above // below
        high = -(-high * above // below)
        lows.append(low)
        highs.append(high)
    return lows, highs, 0


def _ranks(weights: Weights, tail: Fraction) -> tuple[int, int] | None:
    """Give both ranks, or None where the bounds leave one of them open."""
    total = sum(weights.low), sum(weights.high) + weights.under + weights.over
    size = len(weights.low)
    fit_below = _fitting(weights.low, weights.high, weights.under, total, tail)
    fit_above = _fitting(weights.low[::-1], weights.high[::-1], weights.over, total, tail)
    if fit_below is None or fit_above is None:
        return None
    return weights.first + fit_below, weights.first + size - fit_above


def _fitting(
    low: Sequence[int], high: Sequence[int], outside: int, total: tuple[int, int], tail: Fraction
) -> int | None:
    """Tell how many weights from the outer end fit into the tail; None where that is not certain."""
    count = 0
    for least, most in zip(accumulate(low), accumulate(high), strict=True):
        if (most + outside) * tail.denominator <= tail.numerator * total[0]:
            count += 1
        elif least * tail.denominator > tail.numerator * total[1]:
            return count
        else:
            return None
    return count

"""How many loops finish in so many days, and when so many have, from the throughput of past days: exact.

No sampling, no seed, no float; nothing here knows Django or the time of day. `days` are counts of finished loops, one
for each day; any day to come is like each of them with the same chance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Final

from rnd.cycles.statistics.convolution import Below

# Nobody plans further ahead; without any throughput nothing is ever done.
FURTHEST: Final = 4096
# Up to so many days their whole distribution is quicker than only its beginning.
SHORT: Final = 64


def weights(days: Sequence[int], number: int, below: int) -> list[int]:
    """Give how many ways lead to 0, 1, … below−1 finished loops in `number` days that are each like one of `days`.

    The ways in all are len(days) ** number. These are the coefficients of P(x)^number for P(x) = Σ x^day; they follow
    from one another (Euler; J. C. P. Miller, see Knuth, TAOCP 2, 4.7): with a_k days of k loops,
    c_n = Σ_k (k·(number+1) − n)·a_k·c_(n−k) ÷ (n·a_0), every division without remainder.
    """
    least = min(days)
    counts = Counter(day - least for day in days)
    shift = least * number  # every way has at least so many
    zero = counts.pop(0)
    steps = sorted(counts.items())
    found = [zero**number] if below > shift else []
    for n in range(1, below - shift):
        total = sum((k * (number + 1) - n) * a * found[n - k] for k, a in steps if k <= n)
        found.append(total // (n * zero))
    return [0] * min(shift, below) + found


def chance(days: Sequence[int], n: int, number: int) -> Fraction:
    """Give the probability that at least n loops finish in `number` days."""
    ways = len(days) ** number
    return Fraction(ways - sum(weights(days, number, n)), ways)


@lru_cache(maxsize=4096)
def until_done(days: tuple[int, ...], n: int, p: Fraction) -> int | None:
    """Give the least number of days in which n loops are finished with probability p or more; None: never."""
    if n <= 0:
        return 0
    if not any(days):
        return None
    # The chance only grows with the days: begin with the mean, go on in growing steps, then halve what lies between.
    high = min(max(1, -(-n * len(days) // sum(days))), FURTHEST)
    low, step = high, 1
    while low > 0 and _likely(days, n, low, p):
        low, high, step = max(0, low - step), low, step * 2
    while low == high:
        if high == FURTHEST:
            return None
        high, step = min(high + step, FURTHEST), step * 2
        if not _likely(days, n, high, p):
            low = high
    while high - low > 1:
        middle = (low + high) // 2
        if _likely(days, n, middle, p):
            high = middle
        else:
            low = middle
    return high


def _likely(days: tuple[int, ...], n: int, number: int, p: Fraction) -> bool:
    """Tell whether at least n loops finish in `number` days with probability p or more."""
    ways: int = len(days) ** number
    enough: int = ways - _fewer(days, n, number)
    return enough * p.denominator >= p.numerator * ways


@lru_cache(maxsize=4096)
def _fewer(days: tuple[int, ...], n: int, number: int) -> int:
    """Give how many ways lead to fewer than n loops."""
    return Below(days, number).at_most(n - 1) if number <= SHORT else sum(weights(days, number, n))


def by_date(days: Sequence[int], number: int, p: Fraction) -> int:
    """Give the largest count of loops that are finished within `number` days with probability p or more."""
    return by_dates(days, number, (p,))[p]


def by_dates(days: Sequence[int], number: int, ps: Sequence[Fraction]) -> dict[Fraction, int]:
    """Give the same for several probabilities, from one convolution."""
    if number <= 0 or not any(days):
        return dict.fromkeys(ps, 0)
    below = Below(days, number)
    return {p: below.promised(p) for p in ps}

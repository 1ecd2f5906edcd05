"""The interval of a ratio of two rates, exact: from the binomial distribution, in fractions."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Final

from rnd.cycles.statistics.figures import TAIL

_STEPS: Final = 24


@dataclass(frozen=True, slots=True)
class RateRatio:
    """Events per unit of exposure, after ÷ before: below 1 it became rarer. `low` and `high` bound it with 95 %.

    None where nothing was exposed, or (ratio, high) nothing happened before.
    """

    before: int
    after: int
    exposed_before: Fraction
    exposed_after: Fraction
    ratio: Fraction | None
    low: Fraction | None
    high: Fraction | None


def rate_ratio(before: int, exposed_before: Fraction, after: int, exposed_after: Fraction) -> RateRatio:
    """Compare two rates of rare events (Poisson).

    Of all events, the share that fell into the time after is binomial with θ = ρ·E₁ ÷ (E₀ + ρ·E₁); the interval of θ is
    Clopper and Pearson's (1934), which holds at least 95 %; ρ follows from it. Bounds are rounded outwards to 2⁻²⁴.
    """
    if not (exposed_before and exposed_after):
        return RateRatio(before, after, exposed_before, exposed_after, None, None, None)
    n = before + after
    low = Fraction(0) if after == 0 else _bound(n, after, upper=False)
    high = Fraction(1) if after == n else _bound(n, after, upper=True)
    ratio = (Fraction(after) / exposed_after) / (Fraction(before) / exposed_before) if before else None

    def of(theta: Fraction) -> Fraction | None:
        return None if theta == 1 else theta / (1 - theta) * exposed_before / exposed_after

    return RateRatio(before, after, exposed_before, exposed_after, ratio, of(low), of(high) if n else None)


def _bound(n: int, k: int, *, upper: bool) -> Fraction:
    """Give the θ at which k of n is only just not too few (upper) or too many, by halving."""
    least, most = Fraction(0), Fraction(1)
    for _ in range(_STEPS):
        middle = (least + most) / 2
        tail = sum(
            comb(n, j) * middle**j * (1 - middle) ** (n - j) for j in (range(k + 1) if upper else range(k, n + 1))
        )
        if upper == (tail > TAIL):
            least = middle
        else:
            most = middle
    return most if upper else least

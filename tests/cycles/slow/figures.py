"""What the figures are: observed percentiles with exact intervals, means that add up, periods without gaps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from math import comb, floor

P50, P85, P95 = Fraction(50, 100), Fraction(85, 100), Fraction(95, 100)
ALL = [P50, P85, P95]
FEWEST = 10
TAIL = Fraction(25, 1000)


def percentile(values: Sequence[int], p: Fraction) -> int | None:
    """The smallest value that at least p of the values meet; hidden below ten."""
    n = len(values)
    if n < FEWEST:
        return None
    return next(value for value in sorted(values) if sum(one <= value for one in values) >= p * n)


@cache
def _ranks(n: int, p: Fraction) -> tuple[int | None, int | None]:
    """The largest rank l with P(B < l) ≤ 2.5 %, and the smallest u with P(B ≥ u) ≤ 2.5 %, for B ~ Binomial(n, p)."""
    a, b, whole = p.numerator, p.denominator - p.numerator, p.denominator**n
    weights = [comb(n, k) * a**k * b ** (n - k) for k in range(n + 1)]
    low = high = None
    below = 0
    for rank in range(1, n + 1):
        below += weights[rank - 1]
        if Fraction(below, whole) <= TAIL:
            low = rank
        if high is None and Fraction(whole - below, whole) <= TAIL:
            high = rank
    return low, high


def bounds(values: Sequence[int], p: Fraction) -> tuple[int | None, int | None]:
    """The 95 % interval of a percentile, by order statistics; an end that lies beyond all values is None."""
    if len(values) < FEWEST:
        return None, None
    ordered = sorted(values)
    low, high = _ranks(len(values), p)
    return (None if low is None else ordered[low - 1]), (None if high is None else ordered[high - 1])


def percentiles(values: Sequence[int]) -> list[int | None]:
    """p50, p85 and p95, then the two ends of each."""
    ends = [end for p in ALL for end in bounds(values, p)]
    return [*(percentile(values, p) for p in ALL), *ends]


def half_up(value: Fraction | int) -> int:
    return floor(Fraction(value) + Fraction(1, 2))


def mean(values: Sequence[int]) -> int | None:
    return half_up(Fraction(sum(values), len(values))) if values else None


def share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def adding_up(exact: Sequence[Fraction]) -> list[int]:
    """Round so that the sum is the rounded sum: the largest remainders are rounded up, of equal ones the first."""
    found = [floor(value) for value in exact]
    missing = half_up(sum(exact, start=Fraction(0))) - sum(found)
    for _ in range(missing):
        place = max(range(len(exact)), key=lambda n: (exact[n] - found[n], -n))
        found[place] += 1
    return found


def first_of(day: date, by: str) -> date:
    """The first day of its week, month or quarter."""
    if by == "week":
        return day - timedelta(days=day.weekday())
    return date(day.year, {"month": day.month, "quarter": (1, 4, 7, 10)[(day.month - 1) // 3]}[by], 1)


def last_of(first: date, by: str) -> date:
    return following(first, by) - timedelta(days=1)


def following(first: date, by: str) -> date:
    day = first
    while first_of(day, by) == first:
        day += timedelta(days=1)
    return day


def periods(days: Sequence[date], by: str) -> list[date]:
    """Every week, month or quarter from the first of these days to the last, by its first day."""
    if not days:
        return []
    found = [first_of(min(days), by)]
    while following(found[-1], by) <= max(days):
        found.append(following(found[-1], by))
    return found


def period_name(first: date, by: str) -> str:
    if by == "week":
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02d}"
    if by == "quarter":
        return f"Q{ {1: 1, 4: 2, 7: 3, 10: 4}[first.month] } {first.year}"
    return f"{first:%b %Y}"


def day_name(day: date) -> str:
    return f"{day.day} {day:%b %Y}"

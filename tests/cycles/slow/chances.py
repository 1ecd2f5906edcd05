"""Chances by adding up days one after the other, and the past of a forecast: what was promised, beside what came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from math import ceil, floor, gcd

from tests.cycles.slow.answer import Known
from tests.cycles.slow.figures import ALL, P50
from tests.cycles.slow.flow import throughput

WINDOW, FOREVER = 90, 4096
Days = tuple[int, ...]
Kinds = tuple[tuple[int, int], ...]
Ways = Mapping[int, int]


def alike(days: Days) -> Kinds:
    """Which counts a day may have, and how often each of them is met, in the smallest numbers."""
    times = Counter(days)
    common = gcd(*times.values())
    return tuple((day, times[day] // common) for day in sorted(times))


def add_day(ways: Ways, kinds: Kinds) -> dict[int, int]:
    """One day more, which is like any of `kinds`: in how many ways each count can come about."""
    found: dict[int, int] = {}
    for count, many in ways.items():
        for day, times in kinds:
            found[count + day] = found.get(count + day, 0) + many * times
    return found


def choices(kinds: Kinds) -> int:
    return sum(times for _day, times in kinds)


@cache
def chances(kinds: Kinds, n: int) -> list[tuple[int, int]]:
    """In how many ways n loops are finished after one day, two days, and so on, and of how many ways in all."""
    ways: Ways = {0: 1}  # those that have not come to n yet
    found: list[tuple[int, int]] = []
    while len(found) < FOREVER and (not found or not likely(found[-1], max(ALL))):
        ways = {count: many for count, many in add_day(ways, kinds).items() if count < n}
        whole = choices(kinds) ** (len(found) + 1)
        found.append((whole - sum(ways.values()), whole))
    return found


def likely(chance: tuple[int, int], p: Fraction) -> bool:
    return chance[0] * p.denominator >= p.numerator * chance[1]


def days_needed(days: Days, n: int, p: Fraction) -> int | None:
    """The least number of days in which n loops finish with probability p."""
    if not any(days):
        return None
    return next((number for number, chance in enumerate(chances(alike(days), n), start=1) if likely(chance, p)), None)


@cache
def distribution(kinds: Kinds, number: int) -> Ways:
    """In how many ways each count can come about in so many days."""
    ways: Ways = {0: 1}
    for _ in range(number):
        ways = add_day(ways, kinds)
    return ways


@cache
def count_within(days: Days, number: int, p: Fraction) -> int:
    """The largest count that is finished in so many days with probability p or more."""
    kinds = alike(days)
    ways, whole = distribution(kinds, number), choices(kinds) ** number
    count, at_least = 0, whole
    while at_least - ways.get(count, 0) >= p * whole:
        at_least -= ways.get(count, 0)
        count += 1
    return count


@dataclass(frozen=True)
class Trial:
    origin: int
    expected: int
    promised: int
    calibrated: bool
    realised: int | None
    over: int  # whole days that have gone by since

    def done_in(self, days: int) -> bool | None:
        """Whether all was done in so many days; None where fewer have gone by and it is not done."""
        if self.realised is None:
            return None if self.over < days else False
        return self.realised <= days

    def judged(self, days: int) -> list[bool]:
        """Whether all was done in so many days, where these have gone by."""
        return [self.realised is not None and self.realised <= days] if self.over >= days else []


@dataclass(frozen=True)
class CountTrial:
    origin: int
    expected: int
    promised: int
    calibrated: bool
    came: int | None


def came(history: Sequence[int], origin: int, n: int) -> int | None:
    """After how many days n loops had finished."""
    later = history[origin + 1 :]
    return next((number for number in range(1, len(later) + 1) if sum(later[:number]) >= n), None)


def stretched(trials: Sequence[Trial], expected: int, p: Fraction, today: int) -> int | None:
    """What the share p of past forecasts, and of the next one with them, needed at most, as it was known by then.

    Each has the same weight; one that still ran hands its own on, in equal parts, to all that took longer than it had.
    """
    errors = []
    for one in trials:
        still = one.realised is None or one.origin + one.realised > today
        took = today - one.origin if still or one.realised is None else one.realised
        errors.append((Fraction(took, one.expected), still))
    done = sum(not still for _error, still in errors)
    if done < 10:
        return None
    share = min(p + p / done, Fraction(1))
    errors.sort()  # of equal ones, what was done comes before what still ran
    weights = [Fraction(1, len(errors))] * len(errors)
    for place, (_error, still) in enumerate(errors[:-1]):
        if still:
            later = len(errors) - place - 1
            weights[place + 1 :] = [one + weights[place] / later for one in weights[place + 1 :]]
            weights[place] = Fraction(0)
    reached = Fraction(0)
    for (error, _still), weight in zip(errors, weights, strict=True):
        reached += weight
        if reached >= share:
            return ceil(error * expected)
    raise AssertionError("all weights together are 1")


def past(history: Sequence[int], n: int, p: Fraction, yesterday: date) -> list[Trial]:
    """The forecast at the end of each past week, from the 90 days before it."""
    found: list[Trial] = []
    for origin in sundays(len(history), yesterday):
        days = tuple(history[origin - WINDOW + 1 : origin + 1])
        expected, raw = days_needed(days, n, P50), days_needed(days, n, p)
        if expected is None:
            continue
        better = stretched(found, expected, p, origin)
        if raw is not None:
            promised = raw if better is None or better < raw else better
            over = len(history) - origin - 1
            found.append(Trial(origin, expected, promised, better is not None, came(history, origin, n), over))
    return found


def sundays(days: int, yesterday: date) -> list[int]:
    """The places of all Sundays that have 90 days up to them, in a history up to yesterday."""
    return [place for place in range(WINDOW - 1, days) if (yesterday - timedelta(days=days - 1 - place)).weekday() == 6]


def kept(trials: Sequence[Trial], calibrated: bool) -> tuple[int, int]:
    """How many promises held of those made in this way, and how many are over."""
    known = [held for one in trials if one.calibrated is calibrated for held in one.judged(one.promised)]
    return sum(known), len(known)


def scaled(trials: Sequence[CountTrial], expected: int, p: Fraction, number: int, today: int) -> int | None:
    """The largest count that, in the same proportion, the share p of the forecasts that were over by then came to."""
    over = [one for one in trials if one.origin + number <= today and one.expected > 0]
    if len(over) < 10:
        return None
    parts = [Fraction(one.came or 0, one.expected) for one in over]
    # So many of them and of the next one.
    wanted = min(ceil(p * (len(parts) + 1)), len(parts))
    return floor(sorted(parts, reverse=True)[wanted - 1] * expected)


def past_counts(history: Sequence[int], number: int, p: Fraction, yesterday: date) -> list[CountTrial]:
    """How many would be done in so many days, asked at the end of each past week."""
    found: list[CountTrial] = []
    for origin in sundays(len(history), yesterday):
        days, later = tuple(history[origin - WINDOW + 1 : origin + 1]), history[origin + 1 : origin + 1 + number]
        expected = count_within(days, number, P50)
        better = scaled(found, expected, p, number, origin)
        raw = count_within(days, number, p)
        promised = raw if better is None or better > raw else better
        came_then = sum(later) if len(later) == number else None
        found.append(CountTrial(origin, expected, promised, better is not None, came_then))
    return found


def counts_kept(trials: Sequence[CountTrial], calibrated: bool) -> tuple[int, int]:
    """How many of those made in this way held, and how many are over."""
    some = [one for one in trials if one.calibrated is calibrated and one.promised > 0]
    known = [one.came >= one.promised for one in some if one.came is not None]
    return sum(known), len(known)


def held(hits: int, n: int) -> str:
    return f"{hits} of {n} past {'forecast' if n == 1 else 'forecasts'} held" if n else ""


def history_of(known: Known) -> tuple[date, list[int]]:
    yesterday = known.asked.today(known.world) - timedelta(days=1)
    return yesterday, throughput(known.but(since=None, until=yesterday))[1]


def wanted(known: Known, asked: Mapping[str, int]) -> int:
    return asked.get("n") or max(1, min(len(known.open), 1000))

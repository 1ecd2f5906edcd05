"""When chosen tickets will all be done: from how much longer finished loops took that were as old as they; all exact.

Nothing here knows Django or the time of day. Days are ordinals, and what is told of one is told of its end: a loop that
began on day b and finished on day e took e − b days, and its age on a day d before e was d − b.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import prod
from typing import Final

from rnd.cycles.statistics.calibration import HALF, Forecast, Trial, foretold, tried
from rnd.cycles.statistics.figures import FEWEST

# The day on which a loop finishes that still runs: later than any.
RUNNING: Final = 10**9
WEEK: Final = 7  # ordinals that it divides are Sundays
MOST_TRIALS: Final = 104


@dataclass(frozen=True, slots=True)
class Lives:
    """Loops by the day on which they began, and then by the day on which they finished (or RUNNING).

    Of each such group: how many there are, and the lowest number of a ticket among them.
    """

    groups: Mapping[int, Mapping[int, tuple[int, int]]]

    def like(self, day: int, ages: Sequence[int]) -> list[int] | None:
        """Take one loop that was open at the end of a day for each age, and give the days on which these finished.

        It is of the day nearest to that age (the older of two) which no other was taken from, and of the loops of that
        day the one with the lowest number. None where there are too few.
        """
        found: dict[int, int] = {}
        for age in sorted(ages, reverse=True):
            for began in self._nearest(day - age, day):
                still = [(first, ended) for ended, (_n, first) in self.groups[began].items() if ended > day]
                if still and began not in found:
                    found[began] = min(still)[1]
                    break
            else:
                return None
        return list(found.values())

    def _nearest(self, wanted: int, last: int) -> Iterator[int]:
        """Give the days up to `last` on which any loop began, the one nearest to the wanted day first."""
        furthest = max(last - wanted, wanted - min(self.groups, default=wanted))
        for apart in range(furthest + 1):
            for began in dict.fromkeys((wanted - apart, wanted + apart)):
                if began <= last and began in self.groups:
                    yield began


class Lengths:
    """How many days the loops took that had finished by the end of a day; `counts` by the number of days."""

    def __init__(self, counts: Mapping[int, int]) -> None:
        self._most = max(counts, default=0)
        self._upto = list(accumulate(counts.get(days, 0) for days in range(self._most + 1)))

    def longer(self, age: int) -> int:
        """Give how many took more than so many days; with −1, all."""
        return self._upto[-1] - (self._upto[min(age, self._most)] if age >= 0 else 0)

    def days(self, ages: Sequence[int], p: Fraction) -> int | None:
        """Give in how many days tickets of these ages are all done with probability p or more.

        Each takes as much longer as any of the loops that took more than its age, whatever the others take. None where
        there are fewer than FEWEST such loops for one of them.
        """
        older = [self.longer(age) for age in ages]
        if min(older, default=0) < FEWEST:
            return None

        def ways(days: int) -> int:
            return prod(count - self.longer(age + days) for age, count in zip(ages, older, strict=True))

        # The share p of all ways, without a division; the ways only grow with the days.
        enough = p.numerator * prod(older)
        return bisect_left(range(self._most + 1), enough, key=lambda days: p.denominator * ways(days))


def backtest(lives: Lives, ages: Sequence[int], p: Fraction, *, today: int) -> list[Trial]:
    """Give the forecast for tickets of these ages at the end of each past week, with what became of such ones then.

    Each is made from nothing but what was known then; the day of a trial is an ordinal.
    """
    finished: dict[int, Counter[int]] = {}
    for began, ended in lives.groups.items():
        for day, (n, _first) in ended.items():
            finished.setdefault(day, Counter())[day - began] += n
    first = min(finished, default=today + 1)
    sundays = range(first + -first % WEEK, today + 1, WEEK)[-MOST_TRIALS:]
    counts, days, trials = Counter[int](), iter(sorted(finished)), list[Trial]()
    upcoming = next(days, RUNNING)
    for sunday in sundays:
        while upcoming <= sunday:
            counts += finished[upcoming]
            upcoming = next(days, RUNNING)
        lengths, like = Lengths(counts), lives.like(sunday, ages)
        expected = lengths.days(ages, HALF)
        if expected is None or like is None:
            continue
        came = None if max(like) > today else max(like) - sunday
        raw = lengths.days(ages, p)
        trial = tried(trials, sunday, expected=expected, raw=raw, p=p, came=came, today=today)
        if trial is not None:
            trials.append(trial)
    return trials


def known(lives: Lives, today: int) -> Lengths:
    """Give how long the loops took that have finished by today."""
    counts = Counter[int]()
    for began, ended in lives.groups.items():
        for day, (n, _first) in ended.items():
            if day <= today:
                counts[day - began] += n
    return Lengths(counts)


def forecast(lengths: Lengths, ages: Sequence[int], p: Fraction, trials: Sequence[Trial], *, today: int) -> Forecast:
    """Give when tickets of these ages will all be done with probability p, calibrated by the back-test."""
    expected, raw = lengths.days(ages, HALF), lengths.days(ages, p)
    return foretold(len(ages), p, expected=expected, raw=raw, trials=trials, today=today)

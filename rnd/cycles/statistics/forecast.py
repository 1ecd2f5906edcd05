"""Forecasts from the daily throughput, exact: no sampling, no seed, no float; promises calibrated by past ones.

Nothing here knows Django or the time of day. A history is the count of finished loops on each day, oldest first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final

from rnd.cycles.statistics.convolution import Below
from rnd.cycles.statistics.figures import FEWEST

HALF: Final = Fraction(1, 2)
# Nobody plans further ahead; without any throughput nothing is ever done.
FURTHEST: Final = 4096
# Up to so many days their whole distribution is quicker than only its beginning.
SHORT: Final = 64
WINDOW: Final = 90  # days of history that a forecast is made from
STEP: Final = 7  # days between two forecasts of a back-test
SUNDAY: Final = 6


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


# The past does not change: the same windows are asked for again by the next page.
_by_dates_then: Final = lru_cache(maxsize=4096)(by_dates)


def week_ends(length: int, begins: int, *, window: int = WINDOW) -> range:
    """Give the places of Sundays with a whole window up to them; the history `begins` on a weekday, Monday is 0."""
    return range(window - 1 + (SUNDAY - begins - (window - 1)) % STEP, length, STEP)


def kept_by_date(
    history: Sequence[int], number: int, ps: tuple[Fraction, ...], *, begins: int
) -> dict[Fraction, tuple[int, int]]:
    """Give for each probability how often “at least so many within `number` days” held, and of how many.

    It is asked at the end of each past week, made from the window before it, and decided once its days are over.
    """
    hits, trials = dict.fromkeys(ps, 0), 0
    for origin in week_ends(len(history) - number, begins):
        promised = _by_dates_then(tuple(history[origin - WINDOW + 1 : origin + 1]), number, ps)
        came = sum(history[origin + 1 : origin + 1 + number])
        trials += 1
        for p in ps:
            hits[p] += came >= promised[p]
    return {p: (hits[p], trials) for p in ps}


@dataclass(frozen=True, slots=True)
class Trial:
    """A forecast as it would have been made at the end of day `origin` (its place in the history), and what came.

    `expected` is the even chance, `promised` the calibrated days. `realised` is None while the loops are not done, and
    `lasted` the days that it lasted until then, or until the end of the history.
    """

    origin: int
    expected: int
    promised: int
    calibrated: bool
    realised: int | None
    lasted: int

    def within(self, days: int) -> bool | None:
        """Tell whether the loops were done in so many days; None while that is not known."""
        if self.realised is not None:
            return self.realised <= days
        return False if self.lasted >= days else None

    @property
    def hit(self) -> bool | None:
        """Tell whether the promise held: it is missed as soon as its days are over."""
        return self.within(self.promised)


@dataclass(frozen=True, slots=True)
class Forecast:
    """When n loops will be done: `promised` days with probability p, from `raw` by the errors of past forecasts.

    Without enough past forecasts it is the raw one, and `calibrated` says so. `hits` of `trials` past promises held, of
    those that were made in the same way.
    """

    n: int
    p: Fraction
    expected: int | None
    raw: int | None
    promised: int | None
    calibrated: bool
    hits: int
    trials: int

    @property
    def hit_rate(self) -> Fraction | None:
        """The measured share of past promises that held; None without any."""
        return Fraction(self.hits, self.trials) if self.trials else None


def realised(history: Sequence[int], origin: int, n: int) -> int | None:
    """Give in how many days after day `origin` n loops were finished; None where the history ends before."""
    done = 0
    for days, count in enumerate(history[origin + 1 :], start=1):
        done += count
        if done >= n:
            return days
    return None


def backtest(history: Sequence[int], n: int, p: Fraction, *, begins: int, window: int = WINDOW) -> list[Trial]:
    """Give the forecast of n loops at the end of each past week, each from nothing but what was known then."""
    trials: list[Trial] = []
    for origin in week_ends(len(history), begins, window=window):
        days = tuple(history[origin - window + 1 : origin + 1])
        expected = until_done(days, n, HALF)
        if expected is None:
            continue
        stretched = _stretched(trials, expected, p, origin)
        promised = until_done(days, n, p) if stretched is None else stretched
        if promised is not None:
            came = realised(history, origin, n)
            lasted = len(history) - 1 - origin if came is None else came
            trials.append(Trial(origin, expected, promised, stretched is not None, came, lasted))
    return trials


def forecast(history: Sequence[int], n: int, p: Fraction, trials: Sequence[Trial], *, window: int = WINDOW) -> Forecast:
    """Give when n loops will be done with probability p, calibrated by its back-test."""
    days = tuple(history[-window:])
    expected = until_done(days, n, HALF) if days else None
    raw = until_done(days, n, p) if days else None
    stretched = None if expected is None else _stretched(trials, expected, p, len(history) - 1)
    hits, decided = promises_kept(trials, calibrated=stretched is not None)
    return Forecast(
        n=n,
        p=p,
        expected=expected,
        raw=raw,
        promised=raw if stretched is None else stretched,
        calibrated=stretched is not None,
        hits=hits,
        trials=decided,
    )


def promises_kept(trials: Sequence[Trial], *, calibrated: bool) -> tuple[int, int]:
    """Give how many promises of the calibrated forecasts (or of the others) held, and how many are decided."""
    known = [trial.hit for trial in trials if trial.calibrated == calibrated and trial.hit is not None]
    return sum(known), len(known)


def _stretched(trials: Sequence[Trial], expected: int, p: Fraction, today: int) -> int | None:
    """Stretch the expectation by what the share p of past forecasts needed at most, as it was known by today.

    A forecast whose loops were not all done by then counts with its days so far, which it needs more than: see _needed.
    None where too few were done.
    """
    done: Counter[Fraction] = Counter()
    running: Counter[Fraction] = Counter()
    for trial in trials:
        so_far = today - trial.origin
        if trial.expected and trial.realised is not None and trial.realised <= so_far:
            done[Fraction(trial.realised, trial.expected)] += 1
        elif trial.expected:
            running[Fraction(so_far, trial.expected)] += 1
    if done.total() < FEWEST:
        return None
    stretch = _needed(done, running, p) * expected
    return -(-stretch.numerator // stretch.denominator)


def _needed(done: Counter[Fraction], running: Counter[Fraction], p: Fraction) -> Fraction:
    """Give what the share p needed at most, where `running` are known to need more than so much.

    By the product-limit estimate (Kaplan and Meier, 1958), exact: at each length, what is left falls by those done of
    those that got so far. Without running ones it is the nearest rank, and with them never less than that of `done`
    alone. Where so many run that the share is not reached, the longest of all stands for it (Efron, 1967).
    """
    left, whole, here = 1, 1, done.total() + running.total()
    lengths = sorted({*done, *running})
    for length in lengths:
        left, whole = left * (here - done[length]), whole * here
        if (whole - left) * p.denominator >= p.numerator * whole:
            return length
        here -= done[length] + running[length]
    return lengths[-1]

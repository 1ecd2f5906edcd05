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
from rnd.cycles.statistics.figures import FEWEST, nearest_rank

HALF: Final = Fraction(1, 2)
# Nobody plans further ahead; without any throughput nothing is ever done.
FURTHEST: Final = 4096
# Up to so many days their whole distribution is quicker than only its beginning.
SHORT: Final = 64
WINDOW: Final = 90  # days of history that a forecast is made from
STEP: Final = 7  # days between two forecasts of a back-test


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


def kept_by_date(history: Sequence[int], number: int, ps: tuple[Fraction, ...]) -> dict[Fraction, tuple[int, int]]:
    """Give for each probability how often “at least so many within `number` days” held, and of how many.

    It is asked at the end of each past week, made from the window before it, and decided once its days are over.
    """
    hits, trials = dict.fromkeys(ps, 0), 0
    for origin in range(WINDOW - 1, len(history) - number, STEP):
        promised = _by_dates_then(tuple(history[origin - WINDOW + 1 : origin + 1]), number, ps)
        came = sum(history[origin + 1 : origin + 1 + number])
        trials += 1
        for p in ps:
            hits[p] += came >= promised[p]
    return {p: (hits[p], trials) for p in ps}


@dataclass(frozen=True, slots=True)
class Trial:
    """A forecast as it would have been made at the end of day `origin` (its place in the history), and what came.

    `expected` is the even chance, `promised` the calibrated days; `realised` is None while it is not known.
    """

    origin: int
    expected: int
    promised: int
    calibrated: bool
    realised: int | None

    @property
    def hit(self) -> bool | None:
        return None if self.realised is None else self.realised <= self.promised


@dataclass(frozen=True, slots=True)
class Forecast:
    """When n loops will be done: `promised` days with probability p, from `raw` by the errors of past forecasts.

    Without enough past forecasts it is the raw one, and `calibrated` says so. `hits` of `trials` past promises held.
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


def backtest(history: Sequence[int], n: int, p: Fraction, *, window: int = WINDOW, step: int = STEP) -> list[Trial]:
    """Give every forecast of n loops that could have been made, each from nothing but what was known then."""
    trials: list[Trial] = []
    for origin in range(window - 1, len(history), step):
        days = tuple(history[origin - window + 1 : origin + 1])
        expected = until_done(days, n, HALF)
        if expected is None:
            continue
        stretched = _stretched(trials, expected, p, origin)
        promised = until_done(days, n, p) if stretched is None else stretched
        if promised is not None:
            came = realised(history, origin, n)
            trials.append(Trial(origin, expected, promised, stretched is not None, came))
    return trials


def forecast(
    history: Sequence[int], n: int, p: Fraction, *, window: int = WINDOW, trials: Sequence[Trial] | None = None
) -> Forecast:
    """Give when n loops will be done with probability p, calibrated by `trials` (None: by a back-test here and now)."""
    past = backtest(history, n, p, window=window) if trials is None else trials
    days = tuple(history[-window:])
    expected = until_done(days, n, HALF) if days else None
    raw = until_done(days, n, p) if days else None
    decided = [trial for trial in past if trial.hit is not None]
    stretched = None if expected is None else _stretched(past, expected, p, len(history) - 1)
    return Forecast(
        n=n,
        p=p,
        expected=expected,
        raw=raw,
        promised=raw if stretched is None else stretched,
        calibrated=stretched is not None,
        hits=sum(trial.hit is True for trial in decided),
        trials=len(decided),
    )


def _stretched(trials: Sequence[Trial], expected: int, p: Fraction, today: int) -> int | None:
    """Stretch the expectation by what the share p of past forecasts needed at most, of those decided by today.

    None where too few are decided.
    """
    errors = sorted(
        Fraction(trial.realised, trial.expected)
        for trial in trials
        if trial.realised is not None and trial.origin + trial.realised <= today and trial.expected
    )
    if len(errors) < FEWEST:
        return None
    stretch = errors[nearest_rank(len(errors), p) - 1] * expected
    return -(-stretch.numerator // stretch.denominator)


# --- what if: the flow model ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The mean loop in microseconds and the throughput a day, as they are and as they would be.

    `assumes` names what must hold for it, by codes that pages put into words.
    """

    loop_before: Fraction
    loop_after: Fraction
    throughput_before: Fraction
    throughput_after: Fraction
    assumes: tuple[str, ...]


_DAY: Final = 86_400_000_000


def fewer_at_once(wip: int, throughput: Fraction, limit: int) -> WhatIf:
    """Cut the work in progress: by Little's law (1961), mean loop = WIP ÷ throughput, so it falls with the WIP.

    Throughput is loops a day and must be above 0; holds in the long run, while nobody runs out of work.
    """
    before, after = Fraction(wip) / throughput * _DAY, Fraction(min(wip, limit)) / throughput * _DAY
    return WhatIf(before, after, throughput, throughput, ("steady_state", "same_throughput", "nobody_idle"))


def quicker_stage(mean_loop: Fraction, mean_stage: Fraction, factor: Fraction, throughput: Fraction) -> WhatIf:
    """Make a stage `factor` times as fast: its mean shrinks, all others stay; what comes in still goes out."""
    after = mean_loop - mean_stage + mean_stage / factor
    return WhatIf(mean_loop, after, throughput, throughput, ("additive_means", "other_stages_same", "same_arrivals"))


def more_engineers(wip: int, throughput: Fraction, engineers: int, more: int = 1) -> WhatIf:
    """Add engineers where work is what limits the flow: throughput grows in proportion, and the loop falls with it."""
    faster = throughput * Fraction(engineers + more, engineers)
    before, after = Fraction(wip) / throughput * _DAY, Fraction(wip) / faster * _DAY
    return WhatIf(before, after, throughput, faster, ("steady_state", "work_is_the_limit", "same_wip", "no_ramp_up"))

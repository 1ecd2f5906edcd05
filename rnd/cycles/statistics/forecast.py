"""When so many loops will be done, from the throughput of the last days; calibrated, and all exact.

Nothing here knows Django or the time of day. A history is the count of finished loops on each day, oldest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from rnd.cycles.statistics.calibration import HALF, Forecast, Trial, foretold, tried
from rnd.cycles.statistics.throughput import until_done

WINDOW: Final = 90  # days of history that a forecast is made from
STEP: Final = 7  # days between two forecasts of a back-test
SUNDAY: Final = 6


def week_ends(length: int, begins: int, *, window: int = WINDOW) -> range:
    """Give the places of Sundays with a whole window up to them; the history `begins` on a weekday, Monday is 0."""
    return range(window - 1 + (SUNDAY - begins - (window - 1)) % STEP, length, STEP)


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
        raw, came = until_done(days, n, p), realised(history, origin, n)
        trial = tried(trials, origin, expected=expected, raw=raw, p=p, came=came, today=len(history) - 1)
        if trial is not None:
            trials.append(trial)
    return trials


def forecast(history: Sequence[int], n: int, p: Fraction, trials: Sequence[Trial], *, window: int = WINDOW) -> Forecast:
    """Give when n loops will be done with probability p, calibrated by its back-test."""
    days = tuple(history[-window:])
    expected = until_done(days, n, HALF) if days else None
    raw = until_done(days, n, p) if days else None
    return foretold(n, p, expected=expected, raw=raw, trials=trials, today=len(history) - 1)

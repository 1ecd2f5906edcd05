"""At least how many loops will be done in so many days: the even chance, scaled by what came in the past; all exact.

Nothing here knows Django or the time of day. A history is the count of finished loops on each day, oldest first.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final

from rnd.cycles.statistics.calibration import HALF, Promise, of_the_next
from rnd.cycles.statistics.figures import FEWEST
from rnd.cycles.statistics.forecast import WINDOW, week_ends
from rnd.cycles.statistics.throughput import by_dates

# The past does not change: the same windows are asked for again by the next page.
_by_dates_then: Final = lru_cache(maxsize=4096)(by_dates)


@dataclass(frozen=True, slots=True)
class Trial:
    """A forecast as it would have been made at the end of day `origin` (its place in the history), and what came.

    `expected` is the count with an even chance, `promised` the calibrated one, and `came` the count once the days were
    over: None before.
    """

    origin: int
    expected: int
    promised: int
    calibrated: bool
    came: int | None

    @property
    def error(self) -> Fraction | None:
        """Give what came, in proportion to what was expected; None while that is not known, or nothing was."""
        return Fraction(self.came, self.expected) if self.expected and self.came is not None else None

    @property
    def hit(self) -> bool | None:
        """Tell whether the promise held; None while its days are not over."""
        return None if self.came is None else self.came >= self.promised


def backtest(
    history: Sequence[int], days: int, ps: tuple[Fraction, ...], *, begins: int, window: int = WINDOW
) -> dict[Fraction, list[Trial]]:
    """Give the forecast of `days` days at the end of each past week, from nothing but what was known then.

    The history `begins` on a weekday, Monday is 0.
    """
    trials: dict[Fraction, list[Trial]] = {p: [] for p in ps}
    errors: list[Fraction] = []
    known = 0  # of the trials, so many are in the errors: all whose days were over
    made = trials[ps[0]]  # what was expected and what came is the same with every probability
    asked = tuple(dict.fromkeys((*ps, HALF)))
    for origin in week_ends(len(history), begins, window=window):
        while known < len(made) and made[known].origin + days <= origin:
            if (error := made[known].error) is not None:
                insort(errors, error)
            known += 1
        raw = _by_dates_then(tuple(history[origin - window + 1 : origin + 1]), days, asked)
        end = origin + 1 + days
        came = sum(history[origin + 1 : end]) if end <= len(history) else None
        for p in ps:
            scaled = _scaled(errors, raw[HALF], p)
            promised = raw[p] if scaled is None else min(raw[p], scaled)
            trials[p].append(Trial(origin, raw[HALF], promised, scaled is not None, came))
    return trials


def forecast(
    history: Sequence[int], days: int, trials: dict[Fraction, list[Trial]], *, window: int = WINDOW
) -> dict[Fraction, Promise]:
    """Give at least how many loops will be done in `days` days, calibrated by the back-test."""
    last = tuple(history[-window:])
    raw = by_dates(last, days, tuple(dict.fromkeys((*trials, HALF)))) if last else {}
    found = {}
    for p, past in trials.items():
        errors = sorted(error for one in past if (error := one.error) is not None)
        scaled = _scaled(errors, raw[HALF], p) if raw else None
        promised = raw.get(p) if scaled is None else min(raw[p], scaled)
        hits, decided = promises_kept(past, calibrated=scaled is not None)
        found[p] = Promise(p, raw.get(p), promised, scaled is not None, hits, decided)
    return found


def promises_kept(trials: Sequence[Trial], *, calibrated: bool) -> tuple[int, int]:
    """Give how many promises of the calibrated forecasts (or of the others) held, of those whose days are over.

    That at least none would finish is no promise: it always holds.
    """
    known = [one.hit for one in trials if one.calibrated == calibrated and one.hit is not None and one.promised]
    return known.count(True), len(known)


def _scaled(errors: Sequence[Fraction], expected: int, p: Fraction) -> int | None:
    """Scale the expectation by what the share p of forecasts brings at least (nearest rank, `errors` ascending).

    None where too few are known. The share is `of_the_next`.
    """
    if len(errors) < FEWEST:
        return None
    share = of_the_next(p, len(errors))
    rank = -(-len(errors) * share.numerator // share.denominator)
    scaled = errors[len(errors) - rank] * expected
    return scaled.numerator // scaled.denominator

"""Calibrates promises by past ones: how far they were wrong, and how many of them were kept; all exact.

Nothing here knows Django or the time of day. Days are numbers; where they are counted from does not matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from rnd.cycles.statistics.figures import FEWEST

HALF: Final = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Trial:
    """A forecast as it would have been made at the end of day `origin`, and what came.

    `expected` is the even chance, `promised` the calibrated days, `realised` those that it took: None while the loops
    are not done. `over` are the whole days that have gone by since.
    """

    origin: int
    expected: int
    promised: int
    calibrated: bool
    realised: int | None
    over: int

    def within(self, days: int) -> bool | None:
        """Tell whether the loops were done in so many days; None while that is not known."""
        if self.realised is not None:
            return self.realised <= days
        return False if self.over >= days else None

    @property
    def hit(self) -> bool | None:
        """Tell whether the promise held: it is missed as soon as its days are over."""
        return self.within(self.promised)

    def counts(self, days: int) -> bool:
        """Tell whether it is counted among those done in so many days, or not done: once these are over.

        What comes true early would else be counted before what is late, and the share of those that held lean upwards.
        """
        return self.over >= days


@dataclass(frozen=True, slots=True)
class Promise:
    """What is `promised` with probability p, days or loops: the `raw` answer, or a safer one by what came of past ones.

    Without enough past promises it is the raw one, and `calibrated` says so. `hits` of `trials` past ones held, of
    those that were made in the same way and whose days are over.
    """

    p: Fraction
    raw: int | None
    promised: int | None
    calibrated: bool
    hits: int
    trials: int

    @property
    def hit_rate(self) -> Fraction | None:
        """The measured share of past promises that held; None without any."""
        return Fraction(self.hits, self.trials) if self.trials else None


@dataclass(frozen=True, slots=True)
class Forecast(Promise):
    """In how many days n loops will be done; `expected` is the even chance."""

    n: int
    expected: int | None


def tried(
    before: Sequence[Trial], origin: int, *, expected: int, raw: int | None, p: Fraction, came: int | None, today: int
) -> Trial | None:
    """Give the forecast that would have been made on day `origin`, after those `before`; None for no promise."""
    longer = stretched(before, expected, p, origin)
    promised = promise(raw, longer)
    return None if promised is None else Trial(origin, expected, promised, longer is not None, came, today - origin)


def foretold(
    n: int, p: Fraction, *, expected: int | None, raw: int | None, trials: Sequence[Trial], today: int
) -> Forecast:
    """Give the forecast of n loops that is made today, calibrated by the past ones."""
    longer = None if expected is None else stretched(trials, expected, p, today)
    hits, decided = promises_kept(trials, calibrated=longer is not None)
    return Forecast(
        n=n,
        p=p,
        expected=expected,
        raw=raw,
        promised=promise(raw, longer),
        calibrated=longer is not None,
        hits=hits,
        trials=decided,
    )


def promises_kept(trials: Sequence[Trial], *, calibrated: bool) -> tuple[int, int]:
    """Give how many promises of the calibrated forecasts (or of the others) held, of those whose days are over."""
    return _kept([(trial, trial.promised) for trial in trials if trial.calibrated == calibrated])


def even_chances_kept(trials: Sequence[Trial]) -> tuple[int, int]:
    """Give how many even chances came true, of those whose days are over."""
    return _kept([(trial, trial.expected) for trial in trials])


def _kept(promised: Sequence[tuple[Trial, int]]) -> tuple[int, int]:
    known = [trial.within(days) for trial, days in promised if trial.counts(days)]
    return known.count(True), len(known)


def promise(raw: int | None, stretched: int | None) -> int | None:
    """Give the longer one: past forecasts that were too long are no reason to promise less than the days themselves."""
    return raw if raw is None or stretched is None else max(raw, stretched)


def stretched(trials: Sequence[Trial], expected: int, p: Fraction, today: int) -> int | None:
    """Stretch the expectation by what the share p of forecasts needs at most, as it was known by today.

    A forecast whose loops were not all done by then counts with its days so far, which it needs more than: see _needed.
    None where too few were done. The share is `of_the_next`.
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
    stretch = _needed(done, running, of_the_next(p, done.total())) * expected
    return -(-stretch.numerator // stretch.denominator)


def of_the_next(p: Fraction, n: int) -> Fraction:
    """Give the share of n past ones that must be kept for the next one to be kept with probability p; 1 at most.

    The next one is as likely to come at each of the n + 1 places among them (Vovk, Gammerman, Shafer: Algorithmic
    Learning in a Random World, 2005): p·(n + 1) ÷ n.
    """
    return min(p * (n + 1) / n, Fraction(1))


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

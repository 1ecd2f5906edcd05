"""What the flow model would have said of past quarters in which its levers really moved, beside what came.

Nothing here knows Django or the time of day. Lengths are microseconds, weeks go from Monday to Sunday.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from rnd.cycles.clock.stages import Stage

# Whole weeks on either side of a judgement: about the window that forecasts are made from.
WEEKS: Final = 13
# A lever moved where it changed by a tenth or more; a prediction held where it was off by a quarter at most.
MOVED: Final = Fraction(1, 10)
OFF: Final = Fraction(1, 4)
NOTHING, WIP, THROUGHPUT = "nothing", "wip", "throughput"
_DAY: Final = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Week:
    """The loops that finished in one week, and the work in progress at its end."""

    wip: int
    n: int
    total: int
    stages: Mapping[Stage, int]


@dataclass(frozen=True, slots=True)
class Judged:
    """One prediction: made at the end of week `place` (from 0) for the quarter after it.

    `lever` is nothing, wip, throughput or a stage; `changed` is how much it became of what it was.
    """

    lever: str
    place: int
    changed: Fraction
    predicted: Fraction
    realised: Fraction

    @property
    def hit(self) -> bool:
        return abs(self.realised - self.predicted) <= self.predicted * OFF


@dataclass(frozen=True, slots=True)
class _Quarter:
    wip: int
    n: int
    total: int
    stages: Mapping[Stage, int]

    @property
    def rate(self) -> Fraction:
        """Loops a day."""
        return Fraction(self.n, 7 * WEEKS)

    @property
    def mean(self) -> Fraction:
        return Fraction(self.total, self.n)

    def mean_of(self, stage: Stage) -> Fraction:
        return Fraction(self.stages[stage], self.n)


def judge(weeks: Sequence[Week]) -> list[Judged]:
    """Judge every prediction that the weeks, in order and without gaps, allow."""
    found: list[Judged] = []
    for place in range(WEEKS - 1, len(weeks) - WEEKS):
        before = _quarter(weeks[place - WEEKS + 1 : place + 1])
        after = _quarter(weeks[place + 1 : place + 1 + WEEKS])
        if before.n and after.n:
            found += [
                Judged(lever, place, changed, predicted, after.mean)
                for lever, changed, predicted in _predictions(before, after)
            ]
    return found


def _predictions(before: _Quarter, after: _Quarter) -> Iterator[tuple[str, Fraction, Fraction]]:
    """Give what the model predicts with each lever where it really went, and with nothing moved at all."""
    if before.wip:
        yield NOTHING, Fraction(1), Fraction(before.wip) / before.rate * _DAY
        if 0 < after.wip <= before.wip * (1 - MOVED):
            yield WIP, Fraction(after.wip, before.wip), Fraction(after.wip) / before.rate * _DAY
        if after.rate >= before.rate * (1 + MOVED):
            yield THROUGHPUT, after.rate / before.rate, Fraction(before.wip) / after.rate * _DAY
    for stage in Stage:
        then, now = before.mean_of(stage), after.mean_of(stage)
        if then and now <= then * (1 - MOVED):
            yield stage.value, now / then, before.mean - then + now


def _quarter(weeks: Sequence[Week]) -> _Quarter:
    return _Quarter(
        wip=weeks[-1].wip,
        n=sum(week.n for week in weeks),
        total=sum(week.total for week in weeks),
        stages={stage: sum(week.stages[stage] for week in weeks) for stage in Stage},
    )


def hits(judged: Sequence[Judged], lever: str) -> tuple[int, int]:
    """Give how many predictions with this lever held, and how many there were."""
    some = [one for one in judged if one.lever == lever]
    return sum(one.hit for one in some), len(some)

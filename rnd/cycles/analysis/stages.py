"""Where the time goes: stages by mode, additive; the loops around the p85; passes and rework; the bottleneck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from foundation.accounts.actors import Actor
from rnd.cycles.analysis.finished import Finished
from rnd.cycles.analysis.order import Ranked
from rnd.cycles.clock.stages import Mode, Stage
from rnd.cycles.facts.sums import Sums
from rnd.cycles.filters import Filters
from rnd.cycles.measures import REMAINING, TOTAL
from rnd.cycles.models import STAGE_COLUMNS, Loop
from rnd.cycles.querysets import LoopQuerySet
from rnd.cycles.statistics.figures import P50, P85, means, nearest_rank

BAND: Final = (Fraction(80, 100), Fraction(90, 100))


@dataclass(frozen=True, slots=True)
class WhereTimeGoes:
    """Of the finished loops: microseconds by stage and mode (they add up to `all`), and the same by stage in the band.

    The band are the loops from the p80 to the p90 by rank: what a long, not extreme, loop is made of. `recorded` counts
    the loops in which modes were marked; in the others everything is waiting.
    """

    all: Sums
    modes: Mapping[Stage, Mapping[Mode, int]]
    recorded: int
    band: Sums
    stage_percentiles: Mapping[Stage, Ranked]

    def band_means(self, *, unit: int = 1) -> dict[Stage, int]:
        """Give the mean of each stage in the band, adding up."""
        return means(self.band.stages, self.band.n, unit=unit) if self.band.n else dict.fromkeys(Stage, 0)


def where_time_goes(actor: Actor, filters: Filters) -> WhereTimeGoes:
    """Give the split of the finished loops' time."""
    loops = Finished(actor, filters)
    every = loops.sums
    band = loops.band(*_band_of(every.n)) if every.n else Sums()
    lengths = loops.percentiles_of(list(STAGE_COLUMNS.values()))
    return WhereTimeGoes(
        all=every,
        modes=loops.modes,
        recorded=every.recorded_n,
        band=band,
        stage_percentiles={stage: lengths[column] for stage, column in STAGE_COLUMNS.items()},
    )


def in_band(actor: Actor, filters: Filters) -> LoopQuerySet[Loop]:
    """Give the loops of the band."""
    loops = Finished(actor, filters)
    n, _recorded = loops.recorded()
    return loops.between(*_band_of(n)) if n else loops.loops.none()


def _band_of(n: int) -> tuple[int, int]:
    """Give the ranks of the first and the last loop of the band, of n."""
    first, last = (nearest_rank(n, p) for p in BAND)
    return first, last


@dataclass(frozen=True, slots=True)
class Passes:
    """How many loops needed how many passes, and the time in each pass (its own loops only, of `loops` the count)."""

    n: int
    by_count: Mapping[int, int]
    time_in_pass: Sequence[int]
    loops_in_pass: Sequence[int]
    rework_us: int
    total_us: int

    @property
    def first_time_rate(self) -> Fraction | None:
        return Fraction(self.by_count.get(1, 0), self.n) if self.n else None

    @property
    def rework_share(self) -> Fraction | None:
        return Fraction(self.rework_us, self.total_us) if self.total_us else None


def passes(actor: Actor, filters: Filters) -> Passes:
    """Give passes, first-time-fix rate and rework of the finished loops."""
    loops = Finished(actor, filters)
    by_count = loops.passes()
    most = max(by_count, default=0)
    through = [[some for number, some in by_count.items() if number > place] for place in range(most)]
    return Passes(
        n=loops.sums.n,
        by_count={number: n for number, (n, _lengths) in sorted(by_count.items())},
        time_in_pass=[sum(lengths[place] for _n, lengths in some) for place, some in enumerate(through)],
        loops_in_pass=[sum(n for n, _lengths in some) for some in through],
        rework_us=loops.sums.rework,
        total_us=loops.sums.total,
    )


@dataclass(frozen=True, slots=True)
class Lever:
    """What halving one stage would do, loop by loop: the mean and the percentiles of what would remain.

    `saves` is half the stage's sum: mean loop − mean after = saves ÷ n, exactly.
    """

    stage: Stage
    sum_us: int
    saves: Fraction
    after: Ranked  # of twice the remaining time, so that it stays whole: see `halved`

    def halved(self, p: Fraction) -> Fraction | None:
        """Give a percentile of the loops with this stage at half, in microseconds."""
        found = self.after.at(p).value
        return None if found is None else Fraction(found, 2)


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """The stages by what halving each would save on the mean loop, the most first, with all the arithmetic."""

    n: int
    total_us: int
    loop: Ranked
    levers: Sequence[Lever]

    @property
    def worst(self) -> Lever | None:
        return self.levers[0] if self.n and self.levers else None


def bottleneck(actor: Actor, filters: Filters) -> Bottleneck:
    """Find the stage whose shortening would shorten the loop most."""
    loops = Finished(actor, filters)
    every = loops.sums
    lengths = loops.percentiles_of([TOTAL, *REMAINING.values()], [P50, P85])
    levers = [
        Lever(
            stage=stage,
            sum_us=every.stages[stage],
            saves=Fraction(every.stages[stage], 2),
            after=lengths[REMAINING[stage]],
        )
        for stage in Stage
    ]
    levers.sort(key=lambda lever: -lever.sum_us)
    return Bottleneck(every.n, every.total, lengths[TOTAL], levers)

"""Where the time goes: stages by mode, additive; the loops around the p85; passes and rework; the bottleneck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from django.db.models import BigIntegerField, Count, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from foundation.accounts.actors import Actor
from rnd.cycles.analysis.finished import Finished
from rnd.cycles.analysis.order import Ranked
from rnd.cycles.figures import P50, P85, means, nearest_rank
from rnd.cycles.filters import Filters
from rnd.cycles.measures import REMAINING
from rnd.cycles.models import STAGE_COLUMNS
from rnd.cycles.stages import Mode, Stage
from rnd.cycles.sums import Sums

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
    first, last = (nearest_rank(every.n, p) for p in BAND)
    band = sums(loops.between(first, last)) if every.n else Sums()
    each = loops.percentiles_of_each([*STAGE_COLUMNS.values()])
    return WhereTimeGoes(
        all=every,
        modes=loops.modes,
        recorded=every.recorded_n,
        band=band,
        stage_percentiles={stage: each[column] for stage, column in STAGE_COLUMNS.items()},
    )


def sums(loops: QuerySet[Any]) -> Sums:
    """Give the sums over finished loops; one query."""
    recorded = Q(modes_recorded=True)
    row = loops.order_by().aggregate(
        n=Count("pk"),
        total=Coalesce(Sum("total_us"), Value(0), output_field=BigIntegerField()),
        first_time=Count("pk", filter=Q(passes=1)),
        rework=Sum("rework_us", default=0),
        recorded_n=Count("pk", filter=recorded),
        recorded_total=Sum("total_us", filter=recorded, default=0),
        recorded_active=Sum("active_us", filter=recorded, default=0),
        **{f"sum_{stage}": Sum(column, default=0) for stage, column in STAGE_COLUMNS.items()},
        **{f"visited_{stage}": Count(column) for stage, column in STAGE_COLUMNS.items()},
    )
    return Sums(
        stages={stage: int(row.pop(f"sum_{stage}")) for stage in Stage},
        visited={stage: row.pop(f"visited_{stage}") for stage in Stage},
        **{name: int(value) for name, value in row.items()},
    )


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
    every, after = loops.sums, loops.percentiles_of_each([*REMAINING.values()], [P50, P85])
    levers = [
        Lever(stage, every.stages[stage], Fraction(every.stages[stage], 2), after[REMAINING[stage]]) for stage in Stage
    ]
    levers.sort(key=lambda lever: -lever.sum_us)
    return Bottleneck(every.n, every.total, loops.percentiles(ps=[P50, P85]), levers)

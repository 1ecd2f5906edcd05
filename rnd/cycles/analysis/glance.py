"""The loop at a glance: how long it takes, how that changed, and how much shorter it is than in the baseline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Programme
from foundation.kit import clock
from rnd.cycles import imported, levels
from rnd.cycles.analysis.finished import Finished
from rnd.cycles.analysis.flow import still_open
from rnd.cycles.analysis.order import Ranked, nothing
from rnd.cycles.analysis.rolled import rolled_up_spans
from rnd.cycles.clock import DEFINITION
from rnd.cycles.clock.stages import Stage
from rnd.cycles.facts.days import FIRST_OF, following
from rnd.cycles.filters import Filters
from rnd.cycles.measures import FIRST, TOTAL
from rnd.cycles.models import STAGE_COLUMNS, Baseline
from rnd.cycles.reports import left_out
from rnd.cycles.statistics.figures import FEWEST, P50, Percentile, percentile


@dataclass(frozen=True, slots=True)
class Compression:
    """Baseline median ÷ present median: 2 means that it takes half as long. `low` and `high` bound it.

    They come from the 95 % intervals of both medians, so both hold at once with at least 90 %. None where either side
    is hidden (n below ten), has no interval, or the present median is 0.
    """

    before: Percentile
    now: Percentile

    @property
    def ratio(self) -> Fraction | None:
        return _over(self.before.value, self.now.value)

    @property
    def low(self) -> Fraction | None:
        return _over(self.before.low, self.now.high)

    @property
    def high(self) -> Fraction | None:
        return _over(self.before.high, self.now.low)


@dataclass(frozen=True, slots=True)
class Compressed:
    """The loop's compression and each stage's, against the baseline that holds."""

    baseline: Baseline
    loop: Compression
    stages: Mapping[Stage, Compression]


@dataclass(frozen=True, slots=True)
class Point:
    """One week, month or quarter of the trend."""

    first: date
    last: date
    ranked: Ranked


@dataclass(frozen=True, slots=True)
class Trend:
    """The percentiles over time, by week, month or quarter."""

    by: str
    points: Sequence[Point]

    @property
    def mostly_hidden(self) -> bool:
        """Tell whether most periods have too few loops for percentiles."""
        return 2 * sum(point.ranked.n < FEWEST for point in self.points) > len(self.points)

    def shows_more(self, longer: str) -> bool:
        """Tell whether some period of this length has enough loops."""
        loops = Counter[date]()
        for point in self.points:
            loops[FIRST_OF[longer](point.first)] += point.ranked.n
        return max(loops.values(), default=0) >= FEWEST


@dataclass(frozen=True, slots=True)
class Glance:
    """The headline. `left_out` counts by reason what statistics do not count."""

    filters: Filters
    as_of: datetime
    definition: int
    loop: Ranked
    first_finish: Ranked
    trend: Trend
    compressed: Compressed | None
    still_open: int
    left_out: Mapping[str, int]


def glance(actor: Actor, filters: Filters) -> Glance:
    """Give the loop at a glance over what the actor may see and the filters let through."""
    from django.db.models import Count

    found = Finished(actor, filters)
    lengths = found.percentiles_of([TOTAL, FIRST])
    reasons = left_out(actor, filters).order_by("excluded").values_list("excluded").annotate(n=Count("pk"))
    return Glance(
        filters=filters,
        as_of=clock.now(),
        definition=DEFINITION,
        loop=lengths[TOTAL],
        first_finish=lengths[FIRST],
        trend=trend(actor, filters),
        compressed=compressed(actor, filters),
        still_open=still_open(actor, filters),
        left_out=dict(reasons.values_list("excluded", "n")),
    )


def trend(actor: Actor, filters: Filters) -> Trend:
    """Give the percentiles of the loops that finished in each week, month or quarter, the empty ones in between too.

    Where none of them was chosen it is by month, or by quarter where most months are hidden and, of several quarters,
    some are not.
    """
    found = Trend(filters.period, _points(actor, filters))
    if filters.by or not (found.mostly_hidden and found.shows_more("quarter")):
        return found
    quarters = Trend("quarter", _points(actor, filters.but(by="quarter")))
    return quarters if len(quarters.points) > 1 else found  # one alone shows no time


def _points(actor: Actor, filters: Filters) -> list[Point]:
    """Read from the roll-ups where they can answer, or else from the facts; both are exact."""
    found = _rolled_up(actor, filters)
    if found is None:
        found = Finished(actor, filters).trend()
    if not found:
        return []
    points, first = [], min(found)
    while first <= max(found):
        behind = following(first, filters.period)
        points.append(Point(first, behind - timedelta(days=1), found.get(first, nothing())))
        first = behind
    return points


def compressed(actor: Actor, filters: Filters) -> Compressed | None:
    """Compare the medians with those of the programme's baseline; None without one programme and its baseline."""
    programme = Programme.objects.visible_to(actor).filter(slug=filters.programme).first()
    held = None if programme is None else levels.baseline(programme.pk)
    if programme is None or held is None:
        return None
    parts: tuple[Stage | None, ...] = (None, *Stage)
    columns = {part: TOTAL if part is None else STAGE_COLUMNS[part] for part in parts}
    before: dict[Stage | None, Percentile] = {}
    present = Finished(actor, filters)
    now = {key: _median(present, column) for key, column in columns.items()}
    if held.source:
        cases = list(imported.within(held, programme.time_zone))
        before[None] = percentile(sorted(case.total_us for case in cases), P50)
        for place, stage in enumerate(Stage):
            lengths = [length for case in cases if (length := case.stages_us[place]) is not None]
            before[stage] = percentile(sorted(lengths), P50)
    else:
        then = Finished(actor, filters.but(since=held.first, until=held.last))
        before = {key: _median(then, column) for key, column in columns.items()}
    return Compressed(
        held, Compression(before[None], now[None]), {stage: Compression(before[stage], now[stage]) for stage in Stage}
    )


def _median(loops: Finished, column: str) -> Percentile:
    return loops.percentiles(column, [P50]).percentiles[0]


def _rolled_up(actor: Actor, filters: Filters) -> dict[date, Ranked] | None:
    """Give the trend from the weeks and months, where they hold exactly the loops that are asked for."""
    found = rolled_up_spans(actor, filters)
    if found is None:
        return None
    return {span.first: Ranked(span.sums.n, tuple(span.percentiles)) for span in found}


def _over(before: int | None, now: int | None) -> Fraction | None:
    return None if before is None or not now else Fraction(before, now)

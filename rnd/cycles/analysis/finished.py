"""The finished loops of one report, counted for all its figures: by column where the reader may see all, or by row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property

from django.db.models import Q

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Component, Programme
from rnd.cycles.analysis.by_column import ByColumn
from rnd.cycles.analysis.by_row import ByRow
from rnd.cycles.analysis.order import Ranked
from rnd.cycles.clock.stages import Mode, Stage
from rnd.cycles.facts.columnar.finished import finished_loops
from rnd.cycles.facts.columnar.loops import BUSY
from rnd.cycles.facts.columnar.ranks import Picked
from rnd.cycles.facts.spans import sums_of
from rnd.cycles.facts.sums import Sums
from rnd.cycles.filters import Filters
from rnd.cycles.measures import TOTAL
from rnd.cycles.models import Loop
from rnd.cycles.querysets import LoopQuerySet
from rnd.cycles.reports import Group, finished
from rnd.cycles.statistics.figures import PERCENTILES


class Finished:
    """What the filters let through of what the actor may see, counted and finished in the period."""

    def __init__(self, actor: Actor, filters: Filters) -> None:
        self._actor = actor
        self._filters = filters

    @cached_property
    def loops(self) -> LoopQuerySet[Loop]:
        """The rows."""
        return finished(self._actor, self._filters)

    @cached_property
    def counted(self) -> ByColumn | ByRow:
        """What counts them."""
        columns = finished_loops(self._actor, self._filters)
        zone = self._filters.zone
        return ByRow(self.loops, zone) if columns is None else ByColumn(columns, zone)

    def percentiles(self, measure: str = TOTAL, ps: Iterable[Fraction] = PERCENTILES) -> Ranked:
        """Give the percentiles of a measure; loops without it are left out."""
        return self.percentiles_of([measure], ps)[measure]

    def percentiles_of(self, measures: Sequence[str], ps: Iterable[Fraction] = PERCENTILES) -> dict[str, Ranked]:
        """Give the percentiles of each measure, read together."""
        return self.counted.percentiles(measures, tuple(ps))

    def trend(self, ps: Iterable[Fraction] = PERCENTILES) -> dict[date, Ranked]:
        """Give the percentiles of the lengths by the first day of the period, as the filters have it."""
        return self.counted.trend(self._filters.period, tuple(ps))

    @cached_property
    def sums(self) -> Sums:
        """All additive figures."""
        return _sums(self.counted.summed())

    @cached_property
    def modes(self) -> dict[Stage, dict[Mode, int]]:
        """Microseconds by stage and mode; they add up to the sums by stage."""
        found = {stage: dict.fromkeys(Mode, 0) for stage in Stage}
        for (stage, mode), length in zip(BUSY, self.counted.busy(), strict=True):
            found[stage][mode] = length
        for stage in Stage:
            found[stage][Mode.WAITING] = self.sums.stages[stage] - sum(found[stage].values())
        return found

    def recorded(self) -> tuple[int, int]:
        """Give how many there are, and in how many of them anybody marked who worked on it or what blocked it."""
        return self.counted.recorded()

    def groups(self) -> list[Group]:
        """Give the sums by component and by week, month or quarter, as the filters have it."""
        found = self.counted.groups(self._filters.period)
        names = Component.objects.in_bulk({component for component, _first in found})
        return [
            Group(names[component].slug, names[component].name, first, _sums(summed))
            for (component, first), summed in found.items()
        ]

    def passes(self) -> dict[int, tuple[int, list[int]]]:
        """Give by count of passes how many loops needed so many, and the sum of the time in each of these passes."""
        return self.counted.passes()

    def count_below(self, edges: Sequence[int]) -> list[int]:
        """Give how many loops are shorter than each of these lengths."""
        return self.counted.count_below(edges)

    def pick(self, ranks_of: Callable[[int], Collection[int]]) -> Picked:
        """Give the lengths at the ranks that `ranks_of(n)` names."""
        return self.counted.pick(ranks_of)

    def band(self, first: int, last: int) -> Sums:
        """Sum up the loops from rank `first` to rank `last` by length (of equal ones the older ticket stands first)."""
        return _sums(self.counted.band(first, last))

    def between(self, first: int, last: int) -> LoopQuerySet[Loop]:
        """Give the loops that `band` sums up."""
        ends = self.counted.ends(first, last)
        if ends is None:
            return self.loops.none()
        (low, oldest), (high, newest) = ends
        return self.loops.filter(
            Q(total_us__gt=low) | Q(total_us=low, pk__gte=oldest),
            Q(total_us__lt=high) | Q(total_us=high, pk__lte=newest),
            total_us__range=(low, high),  # what the index finds them by
        )

    def lets_through(self, severity: str) -> bool:
        """Tell whether the filters ask for loops of this severity."""
        return self._filters.severity in {"", severity}

    def alike(self, programme: Programme, severity: str) -> Finished:
        """Give those of a programme and a severity, both of which the filters must let through."""
        found = Finished(self._actor, self._filters.but(programme=programme.slug, severity=severity))
        if isinstance(self.counted, ByColumn):
            found.counted = self.counted.alike(programme.pk, severity)
        return found


def _sums(summed: Sequence[int]) -> Sums:
    n, *values = summed
    return sums_of(n, values) if n else Sums()

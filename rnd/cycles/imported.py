"""What was imported from elsewhere, read as figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, QuerySet

from foundation.catalogue.models import Programme
from rnd.cycles.clock.stages import Stage
from rnd.cycles.models import Baseline, ImportedCase
from rnd.cycles.statistics.figures import PERCENTILES, Percentile, percentile


@dataclass(frozen=True, slots=True)
class CycleTimes:
    """The cycle times of one source: finished cases only, in microseconds. `states` are in the tracker's own words."""

    source: str
    n: int
    unfinished: int
    total_us: int
    percentiles: Sequence[Percentile]
    states: Mapping[str, int]
    stages: Mapping[Stage, int]
    unmapped_us: int
    reopened: int
    cases: Sequence[ImportedCase]


@dataclass(frozen=True, slots=True)
class History:
    """What was imported under one name: how many cases, and when the first and the last of them began."""

    source: str
    programme: Programme
    cases: int
    first: datetime
    last: datetime


def histories() -> list[History]:
    """Give every imported history, by its name."""
    counted = ImportedCase.objects.order_by("source").values("source", "programme_id")
    found = list(counted.annotate(cases=Count("pk"), first=Min("started_at"), last=Max("started_at")))
    programmes = Programme.objects.in_bulk({one["programme_id"] for one in found})
    return [
        History(one["source"], programmes[one["programme_id"]], one["cases"], one["first"], one["last"])
        for one in found
    ]


def cycle_times(source: str, cases: QuerySet[ImportedCase] | None = None) -> CycleTimes:
    """Give the figures of one imported history."""
    found = ImportedCase.objects.filter(source=source) if cases is None else cases
    every = list(found.order_by("name"))
    finished = [case for case in every if case.finished_at is not None]
    totals = sorted(case.total_us for case in finished)
    states: dict[str, int] = {}
    stages = dict.fromkeys(Stage, 0)
    for case in finished:
        for state, length in case.states_us.items():
            states[state] = states.get(state, 0) + length
        for stage, length in zip(Stage, case.stages_us, strict=True):
            stages[stage] += length or 0
    return CycleTimes(
        source=source,
        n=len(finished),
        unfinished=len(every) - len(finished),
        total_us=sum(totals),
        percentiles=[percentile(totals, p) for p in PERCENTILES],
        states=dict(sorted(states.items(), key=lambda item: -item[1])),
        stages=stages,
        unmapped_us=sum(case.unmapped_us for case in finished),
        reopened=sum(case.reopened > 0 for case in finished),
        cases=every,
    )


def within(baseline: Baseline, zone: str) -> QuerySet[ImportedCase]:
    """Give the imported cases that a baseline names: those that finished on its days."""
    here = ZoneInfo(zone)
    starts = datetime.combine(baseline.first, time.min, tzinfo=here)
    ends = datetime.combine(baseline.last + timedelta(days=1), time.min, tzinfo=here)
    return ImportedCase.objects.filter(
        programme=baseline.programme_id, source=baseline.source, finished_at__gte=starts, finished_at__lt=ends
    )

"""The past of forecasts: what the flow model would have said at the end of each week, and how its levers moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from foundation.accounts.actors import Actor
from foundation.kit import clock
from rnd.cycles import reports
from rnd.cycles.analysis.flow import cumulative_flow
from rnd.cycles.analysis.rolled import rolled_up_spans
from rnd.cycles.clock.stages import Stage
from rnd.cycles.facts.days import week_of
from rnd.cycles.facts.sums import Sums
from rnd.cycles.filters import Filters
from rnd.cycles.hindsight import Judged, Week, judge


@dataclass(frozen=True, slots=True)
class Hindsight:
    """All past predictions of the flow model; the first week begins on `monday`."""

    monday: date
    judged: Sequence[Judged]

    def made(self, one: Judged) -> date:
        """Give the day at whose end a prediction would have been made."""
        return self.monday + timedelta(days=7 * one.place + 6)


def hindsight(actor: Actor, filters: Filters) -> Hindsight:
    """Judge the flow model on every past week that has a whole quarter on either side; the period is not looked at."""
    yesterday = clock.now().astimezone(filters.zone).date() - timedelta(days=1)
    always = filters.but(since=None, until=None, by="week")
    done = _weekly_sums(actor, always)
    flow = cumulative_flow(actor, always.but(until=yesterday))
    wip = dict(zip(flow.days, flow.wip, strict=True))
    weeks: list[Week] = []
    first = week_of(max(min(done, default=yesterday), flow.days[0]))
    monday = first
    while (sunday := monday + timedelta(days=6)) <= yesterday:
        sums = done.get(monday, Sums())
        weeks.append(Week(wip[sunday], sums.n, sums.total, {stage: sums.stages[stage] for stage in Stage}))
        monday += timedelta(days=7)
    return Hindsight(first, judge(weeks))


def _weekly_sums(actor: Actor, filters: Filters) -> dict[date, Sums]:
    """Give the sums of what finished in each week by its Monday, from the roll-ups where they can answer."""
    spans = rolled_up_spans(actor, filters)
    if spans is not None:
        return {span.first: span.sums for span in spans}
    return {period.first: period.sums for period in reports.by_period(actor, filters)}

"""What will be: forecasts from the throughput of whatever the filters let through, and what would be if."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final

from django.db.models import Count, Q

from foundation.accounts.actors import Actor
from foundation.kit import clock
from rnd.cycles.analysis.finished import Finished
from rnd.cycles.analysis.flow import still_open, throughput
from rnd.cycles.analysis.remembered import remembered
from rnd.cycles.analysis.work import tasks_of
from rnd.cycles.clock.stages import DONE, WORK, Stage
from rnd.cycles.filters import Filters
from rnd.cycles.statistics import calibration, counts, flow_model
from rnd.cycles.statistics import forecast as f
from rnd.cycles.statistics.figures import P50, P85, P95

PROMISES: Final = (P50, P85, P95)


@dataclass(frozen=True, slots=True)
class Prospects:
    """Forecasts for `n` loops as of `today` (the last whole day), each with the hit rate of its own past.

    `when` gives the calibrated days to each confidence, `by_date` how many loops will be finished by `until`, in `days`
    days. `history` are the days that they were made from; `trials` and `count_trials` the past ones made with 85 %.
    """

    as_of: datetime
    today: date
    n: int
    history: Sequence[int]
    when: Mapping[Fraction, calibration.Forecast]
    days: int
    by_date: Mapping[Fraction, calibration.Promise]
    trials: Sequence[calibration.Trial]
    count_trials: Sequence[counts.Trial]

    @property
    def first(self) -> date:
        """Give the first day of the history."""
        return _first(self.today, self.history)

    @property
    def until(self) -> date:
        """Give the day by which `by_date` counts."""
        return self.today + timedelta(days=self.days)

    def day(self, days: int | None) -> date | None:
        """Give the day that is so many days after today."""
        return None if days is None else self.today + timedelta(days=days)


def prospects(actor: Actor, filters: Filters, *, n: int, days: int = 30) -> Prospects:
    """Forecast when the next n loops are done, and how many in the next `days` days. The period is not looked at."""
    as_of = clock.now()
    # Today is not over: it would count as a day with too little done.
    today = as_of.astimezone(filters.zone).date() - timedelta(days=1)
    history = throughput(actor, filters.but(since=None, until=today)).finished
    begins = _first(today, history).weekday()
    trials = {p: remembered(f.backtest, history, n, p, begins=begins) for p in PROMISES}
    count_trials = remembered(counts.backtest, history, days, PROMISES, begins=begins)
    return Prospects(
        as_of=as_of,
        today=today,
        n=n,
        history=history,
        when={p: f.forecast(history, n, p, trials[p]) for p in PROMISES},
        days=days,
        by_date=counts.forecast(history, days, count_trials),
        trials=trials[P85],
        count_trials=count_trials[P85],
    )


def _first(today: date, history: Sequence[int]) -> date:
    return today - timedelta(days=len(history) - 1)


@dataclass(frozen=True, slots=True)
class WhatIfs:
    """What the flow model says, with what each answer assumes.

    None where nothing finished in the window, where nothing is in progress that it could be asked about (half of one is
    one), or where nobody knows of any engineers; `engineers` are those that one more is beside.
    """

    wip: int
    throughput: Fraction
    engineers: int
    half_the_wip: flow_model.WhatIf | None
    twice_as_fast: Mapping[Stage, flow_model.WhatIf]
    one_more_engineer: flow_model.WhatIf | None


def engineers_at_work(actor: Actor, filters: Filters, since: date) -> int:
    """Give how many people have a task that is in design, build or test, or was done on `since` or later."""
    mine = Q(stage__in=WORK) | Q(stage=DONE, stage_since__gte=filters.starts(since))
    found: int = tasks_of(actor, filters).filter(mine).aggregate(n=Count("assignee", distinct=True))["n"]
    return found


def what_ifs(actor: Actor, filters: Filters, *, engineers: int | None = None) -> WhatIfs:
    """Ask the flow model: half the work in progress, each stage twice as fast, one more engineer beside `engineers`.

    Without a number of engineers, they are those who were at work on tasks in the window.
    """
    today = clock.now().astimezone(filters.zone).date() - timedelta(days=1)
    since = today - timedelta(days=f.WINDOW - 1)
    done = throughput(actor, filters.but(since=since, until=today)).finished
    rate = Fraction(sum(done), len(done))
    wip = still_open(actor, filters)
    every = Finished(actor, filters.but(since=since, until=today)).sums
    if engineers is None:
        engineers = engineers_at_work(actor, filters, since)
    if not rate or not every.n:
        return WhatIfs(wip, rate, engineers, None, {}, None)
    mean = Fraction(every.total, every.n)
    return WhatIfs(
        wip=wip,
        throughput=rate,
        engineers=engineers,
        half_the_wip=flow_model.fewer_at_once(wip, rate, -(-wip // 2)) if wip > 1 else None,
        twice_as_fast={
            stage: flow_model.quicker_stage(mean, Fraction(every.stages[stage], every.n), Fraction(2), rate)
            for stage in Stage
        },
        one_more_engineer=flow_model.more_engineers(wip, rate, engineers) if wip and engineers else None,
    )

"""Every open ticket with its age, beside what finished ones needed, and who is about to miss the service level."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

from foundation.accounts.actors import Actor
from foundation.kit import clock
from rnd.cycles import levels
from rnd.cycles.analysis.finished import Finished
from rnd.cycles.analysis.order import Ranked
from rnd.cycles.figures import FEWEST
from rnd.cycles.filters import Filters
from rnd.cycles.models import STAGE_COLUMNS, Loop, ServiceLevel
from rnd.cycles.moments import MICROSECOND
from rnd.cycles.reports import finished, unfinished
from rnd.cycles.stages import Mode, Stage

_DAY: Final = 86_400_000_000
# A ticket is about to miss its service level when fewer than half of those that lived as long still made it.
LIKELY: Final = Fraction(1, 2)

MISSED, AT_RISK, ON_TRACK, UNKNOWN, NO_LEVEL = "missed", "at_risk", "on_track", "unknown", "no_level"


@dataclass(frozen=True, slots=True)
class Ageing:
    """One open ticket. Ages are integer microseconds up to `as_of`.

    `reached` is the highest of p50, p85, p95 of its stage that its age in the stage is beyond (0: none).
    `chance`: of the `like_it` finished loops of its severity that took longer than its age, the share that still kept
    the service level; None below ten. `outlook` is missed, at_risk, on_track, unknown (too few to say) or no_level.
    """

    loop: Loop
    stage: Stage
    mode: Mode
    age_us: int
    stage_age_us: int
    reached: int
    level: ServiceLevel | None
    due_in_us: int | None
    chance: Fraction | None
    like_it: int
    outlook: str


@dataclass(frozen=True, slots=True)
class Ages:
    """The open tickets, the oldest first, and by stage: how many there are and what finished visits needed."""

    as_of: datetime
    tickets: Sequence[Ageing]
    wip: Mapping[Stage, int]
    stages: Mapping[Stage, Ranked]

    @property
    def about_to_miss(self) -> list[Ageing]:
        """Give those at risk, the one with the least chance first."""
        risky = [ticket for ticket in self.tickets if ticket.outlook == AT_RISK]
        return sorted(risky, key=lambda ticket: (ticket.chance or 0, ticket.due_in_us or 0))


def ages(actor: Actor, filters: Filters, *, now: datetime | None = None) -> Ages:
    """Give the ageing list; what finished is taken from all loops the filters let through, whatever the period."""
    as_of = now or clock.now()
    every = Finished(actor, filters.but(since=None, until=None))
    past = every.loops
    stages = {stage: some for stage, column in STAGE_COLUMNS.items() if (some := every.percentiles(column)).n}
    open_loops = list(
        unfinished(actor, filters)
        .select_related("ticket", "component", "team", "programme")
        .order_by("started_at", "pk")
    )
    promised = {programme: levels.service_levels(programme) for programme in {loop.programme_id for loop in open_loops}}
    totals: dict[tuple[int, str], list[int]] = defaultdict(list)
    severities = {(loop.programme_id, loop.severity) for loop in open_loops}
    if any(promised.values()):
        for programme, severity, total in past.order_by("total_us").values_list("programme_id", "severity", "total_us"):
            if (programme, severity) in severities:
                totals[programme, severity].append(total)
    tickets, wip = [], dict.fromkeys(Stage, 0)
    for loop in open_loops:
        level = promised[loop.programme_id].get(loop.severity)
        ticket = _ageing(loop, as_of, stages, level, totals[loop.programme_id, loop.severity])
        tickets.append(ticket)
        wip[ticket.stage] += 1
    return Ages(as_of, tickets, wip, stages)


def _ageing(
    loop: Loop, as_of: datetime, stages: Mapping[Stage, Ranked], level: ServiceLevel | None, totals: Sequence[int]
) -> Ageing:
    stage = Stage(loop.current_stage)
    age = max(0, (as_of - loop.started_at) // MICROSECOND)
    since = loop.current_since or loop.started_at
    stage_age = max(0, (as_of - since) // MICROSECOND)
    beyond = [
        found.percent
        for found in (stages[stage].percentiles if stage in stages else ())
        if found.value is not None and stage_age > found.value
    ]
    chance, like_it, outlook = prospect(age, level, totals)
    return Ageing(
        loop=loop,
        stage=stage,
        mode=Mode(loop.current_mode),
        age_us=age,
        stage_age_us=stage_age,
        reached=max(beyond, default=0),
        level=level,
        due_in_us=None if level is None or level.days is None else level.days * _DAY - age,
        chance=chance,
        like_it=like_it,
        outlook=outlook,
    )


def prospect(age: int, level: ServiceLevel | None, totals: Sequence[int]) -> tuple[Fraction | None, int, str]:
    """Give (chance, how many it is taken from, outlook) of a ticket of this age; `totals` are in ascending order."""
    if level is None or level.days is None:
        return None, 0, NO_LEVEL
    limit = level.days * _DAY
    if age > limit:
        return Fraction(0), 0, MISSED
    older = len(totals) - bisect_right(totals, age)
    if older < FEWEST:
        return None, older, UNKNOWN
    chance = Fraction(bisect_right(totals, limit) - bisect_right(totals, age), older)
    return chance, older, AT_RISK if chance < LIKELY else ON_TRACK


@dataclass(frozen=True, slots=True)
class Kept:
    """How one service level was kept by the finished loops of its severity: `hits` of `n`."""

    level: ServiceLevel
    hits: int
    n: int

    @property
    def rate(self) -> Fraction | None:
        return Fraction(self.hits, self.n) if self.n else None

    @property
    def kept(self) -> bool | None:
        """Whether the promised share was reached; None without loops."""
        return None if self.rate is None else self.rate >= Fraction(self.level.percent, 100)


def kept(actor: Actor, filters: Filters, programme: int) -> list[Kept]:
    """Give the hit rate of each service level that holds, over the finished loops of the period."""
    found = []
    for severity, level in sorted(levels.service_levels(programme).items()):
        loops = finished(actor, filters.but(severity="")).filter(programme=programme, severity=severity)
        limit = (level.days or 0) * _DAY
        found.append(Kept(level, loops.filter(total_us__lte=limit).count(), loops.count()))
    return found

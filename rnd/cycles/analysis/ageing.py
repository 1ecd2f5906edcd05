"""How old open tickets are, beside what finished ones needed, and who is about to miss the service level.

PostgreSQL counts: only the tickets that are listed are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import chain
from typing import Any, Final

from django.db import connections

from foundation.accounts.actors import Actor
from foundation.kit import clock
from rnd.cycles.analysis.chances import AT_RISK, MISSED, NO_LEVEL, ON_TRACK, UNKNOWN, Alike, prospect
from rnd.cycles.analysis.order import Ranked
from rnd.cycles.analysis.outlooks import Alikes, judged_by, of_outlook, promised_for
from rnd.cycles.clock.moments import MICROSECOND
from rnd.cycles.clock.stages import Mode, Stage
from rnd.cycles.filters import Filters
from rnd.cycles.models import STAGE_COLUMNS, Loop, ServiceLevel
from rnd.cycles.querysets import LoopQuerySet
from rnd.cycles.reports import unfinished

# So many tickets a list holds at most.
LISTED: Final = 200


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
class InStage:
    """The open tickets in one stage: how many, and the longest time in it.

    `beyond`: how many are beyond its p50, p85 and p95; None where these are hidden.
    """

    n: int = 0
    longest_us: int | None = None
    beyond: tuple[int, int, int] | None = None

    @property
    def parts(self) -> tuple[int | None, int | None, int | None, int | None, int]:
        """Within p50, p50 to p85, p85 to p95, beyond p95, and those of which that is not known: together n."""
        if self.beyond is None:
            return None, None, None, None, self.n
        p50, p85, p95 = self.beyond
        return self.n - p50, p50 - p85, p85 - p95, p95, 0


@dataclass(frozen=True, slots=True)
class Ages:
    """The n open tickets: how many there are by outlook and by stage, and what finished visits of it needed.

    `tickets` are listed, the oldest first; `about_to_miss` those at risk, the one with the least chance first; each up
    to as many as were asked for.
    """

    as_of: datetime
    n: int
    oldest_us: int | None
    outlooks: Mapping[str, int]
    by_stage: Mapping[Stage, InStage]
    stages: Mapping[Stage, Ranked]
    tickets: Sequence[Ageing]
    about_to_miss: Sequence[Ageing]

    @property
    def wip(self) -> dict[Stage, int]:
        return {stage: found.n for stage, found in self.by_stage.items()}


def ages(
    actor: Actor, filters: Filters, *, now: datetime | None = None, tickets: int = LISTED, risky: int | None = LISTED
) -> Ages:
    """Give the ageing of what is open; what finished is taken from all loops the filters let through, at any time.

    So many `tickets` are listed at most, and so many `risky` ones (None: all of them).
    """
    as_of = now or clock.now()
    every = judged_by(actor, filters)
    still_open = unfinished(actor, filters)
    lengths = every.percentiles_of(list(STAGE_COLUMNS.values()))
    stages = {stage: lengths[column] for stage, column in STAGE_COLUMNS.items() if lengths[column].n}
    promised = promised_for(still_open, every)
    counted = _counted(still_open, as_of, stages, promised)
    listed = list(_first(still_open, tickets))
    at_risk = list(chain.from_iterable(_about_to_miss(still_open, promised, as_of, risky)))
    told = _told([*listed, *at_risk], as_of, stages, promised)
    worst = sorted((told[loop.pk] for loop in at_risk), key=_least_likely)
    return Ages(
        as_of=as_of,
        n=sum(group.n for group in counted),
        oldest_us=max((group.oldest_us for group in counted), default=None),
        outlooks={
            outlook: sum(group.outlooks[outlook] for group in counted)
            for outlook in (MISSED, AT_RISK, ON_TRACK, UNKNOWN, NO_LEVEL)
        },
        by_stage={
            stage: _in_stage((group for group in counted if group.stage == stage), stages.get(stage)) for stage in Stage
        },
        stages=stages,
        tickets=[told[loop.pk] for loop in listed],
        about_to_miss=worst[:risky],
    )


def _least_likely(one: Ageing) -> tuple[Fraction, int, datetime, int]:
    return one.chance or Fraction(0), one.due_in_us or 0, one.loop.started_at, one.loop.pk


@dataclass(frozen=True, slots=True)
class _Group:
    """The open tickets of one programme, severity and stage."""

    stage: str
    n: int
    oldest_us: int
    longest_us: int
    beyond: tuple[int, int, int]
    outlooks: Mapping[str, int]


# What each count is of: ages and times in a stage are compared as the moments at which they began.
_COUNT: Final = """
SELECT l.stage, count(*), min(l.started), min(l.since), count(*) FILTER (WHERE l.since < s.p50),
    count(*) FILTER (WHERE l.since < s.p85), count(*) FILTER (WHERE l.since < s.p95), bool_or(a.programme IS NULL),
    count(*) FILTER (WHERE l.started < a.missed),
    count(*) FILTER (WHERE l.started >= a.missed AND l.started <= a.few),
    count(*) FILTER (WHERE l.started >= a.missed AND l.started > a.few AND l.started <= a.risky)
FROM (SELECT programme, severity, stage, started, coalesce(since, started) AS since
    FROM ({open}) AS o (programme, severity, stage, started, since)) AS l
LEFT JOIN unnest(%s::text[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[]) AS s (stage, p50, p85, p95)
    ON s.stage = l.stage
LEFT JOIN unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[])
    AS a (programme, severity, missed, few, risky) ON a.programme = l.programme AND a.severity = l.severity
GROUP BY l.programme, l.severity, l.stage
"""


def _counted(
    still_open: LoopQuerySet[Loop], as_of: datetime, stages: Mapping[Stage, Ranked], promised: Alikes
) -> list[_Group]:
    columns = "programme_id", "severity", "current_stage", "started_at", "current_since"
    query, params = still_open.order_by().values_list(*columns).query.sql_with_params()
    ended = [[_longer(as_of, some.percentiles[place].value) for some in stages.values()] for place in range(3)]
    turns = [
        [_longer(as_of, one.limit_us) for one in promised.values()],
        [_as_long(as_of, one.few_from) for one in promised.values()],
        [_as_long(as_of, one.risky_from) for one in promised.values()],
    ]
    keys = [[programme for programme, _severity in promised], [severity for _programme, severity in promised]]
    given: list[Any] = [[stage.value for stage in stages], *ended, *keys, *turns]
    with connections[still_open.db].cursor() as cursor:
        cursor.execute(_COUNT.replace("{open}", query), [*params, *given])
        return [_group(as_of, row) for row in cursor.fetchall()]


def _group(as_of: datetime, row: Sequence[Any]) -> _Group:
    stage, n, started, since, *beyond, unpromised, missed, few, risky = row
    outlooks = {MISSED: missed, UNKNOWN: few, AT_RISK: risky, ON_TRACK: n - missed - few - risky, NO_LEVEL: 0}
    if unpromised:
        outlooks |= {ON_TRACK: 0, NO_LEVEL: n}
    return _Group(stage, n, _age(as_of, started), _age(as_of, since), tuple(beyond), outlooks)


def _in_stage(groups: Iterable[_Group], finished: Ranked | None) -> InStage:
    some = list(groups)
    p50, p85, p95 = (sum(group.beyond[place] for group in some) for place in range(3))
    hidden = finished is None or any(one.hidden for one in finished.percentiles)
    return InStage(
        n=sum(group.n for group in some),
        longest_us=max((group.longest_us for group in some), default=None),
        beyond=None if hidden else (p50, p85, p95),
    )


def _about_to_miss(
    still_open: LoopQuerySet[Loop], promised: Alikes, as_of: datetime, most: int | None
) -> Iterator[LoopQuerySet[Loop]]:
    """Give of each service level the loops that are at risk, the oldest first: their chance is the least."""
    for (programme, severity), some in promised.items():
        loops = still_open.filter(programme=programme, severity=severity)
        yield _first(loops.filter(of_outlook(AT_RISK, some, as_of)), most)


def _first(loops: LoopQuerySet[Loop], most: int | None) -> LoopQuerySet[Loop]:
    """Give the oldest ones; only their numbers are sorted, and not everything that is told of a ticket."""
    numbers = list(loops.order_by("started_at", "pk").values_list("pk", flat=True)[:most])
    found = Loop.objects.filter(pk__in=numbers).select_related("ticket", "component", "team", "programme")
    return found.order_by("started_at", "pk")


def _told(
    loops: Iterable[Loop], as_of: datetime, stages: Mapping[Stage, Ranked], promised: Alikes
) -> dict[int, Ageing]:
    """Say of each loop how it stands; the finished ones that it is compared with are asked once for each promise."""
    every = {loop.pk: loop for loop in loops}
    found = {}
    for (programme, severity), some in {**promised, **_unpromised(every.values(), promised)}.items():
        group = [loop for loop in every.values() if (loop.programme_id, loop.severity) == (programme, severity)]
        ages_of = {loop.pk: _age(as_of, loop.started_at) for loop in group}
        # Of what is missed already nothing is asked.
        asked = sorted({age + 1 for age in ages_of.values() if some is not None and age <= some.limit_us})
        younger = dict(zip(asked, some.loops.count_below(asked), strict=True)) if some is not None and asked else {}
        for loop in group:
            age = ages_of[loop.pk]
            found[loop.pk] = _ageing(loop, as_of, stages, some, younger.get(age + 1, 0))
    return found


def _unpromised(loops: Iterable[Loop], promised: Alikes) -> dict[tuple[int, str], None]:
    return {key: None for loop in loops if (key := (loop.programme_id, loop.severity)) not in promised}


def _ageing(loop: Loop, as_of: datetime, stages: Mapping[Stage, Ranked], some: Alike | None, younger: int) -> Ageing:
    stage, age = Stage(loop.current_stage), _age(as_of, loop.started_at)
    stage_age = _age(as_of, loop.current_since or loop.started_at)
    beyond = [
        found.percent
        for found in (stages[stage].percentiles if stage in stages else ())
        if found.value is not None and stage_age > found.value
    ]
    chance, like_it, outlook = prospect(age, some, younger)
    return Ageing(
        loop=loop,
        stage=stage,
        mode=Mode(loop.current_mode),
        age_us=age,
        stage_age_us=stage_age,
        reached=max(beyond, default=0),
        level=None if some is None else some.level,
        due_in_us=None if some is None else some.limit_us - age,
        chance=chance,
        like_it=like_it,
        outlook=outlook,
    )


def _age(as_of: datetime, began: datetime) -> int:
    return max(0, (as_of - began) // MICROSECOND)


def _longer(as_of: datetime, length: int | None) -> str:
    """Give the moment before which began what lasts longer by now; nothing is longer than None."""
    return "-infinity" if length is None else (as_of - MICROSECOND * length).isoformat()


def _as_long(as_of: datetime, length: int | None) -> str:
    """Give the moment up to which began what lasts as long or longer; what is yet to begin lasts 0."""
    return "infinity" if length is not None and length <= 0 else _longer(as_of, length)

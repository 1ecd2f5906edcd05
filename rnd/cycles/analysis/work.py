"""The work on tasks: design, build and test by team, hand-overs between teams, and what blocked for how long.

It is counted column by column (`work_by_column.py`). For a reader who sees only some tickets of a programme, PostgreSQL
goes through the parts of the tasks (`work_sql.py`); until they are all there, through the journal itself.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connections, router, transaction
from django.db.models import QuerySet

from foundation.accounts.actors import Actor
from foundation.kit import clock
from rnd.cycles.analysis.work_by_column import rows_of
from rnd.cycles.analysis.work_sql import KEPT, TOLD, WORK
from rnd.cycles.clock.stages import Mode, Stage
from rnd.cycles.facts.columnar.parts import task_parts
from rnd.cycles.filters import Filters
from rnd.cycles.models import Loop, TaskPart
from rnd.cycles.rebuilding.filling import is_filled
from rnd.cycles.statistics.figures import FEWEST, PERCENTILES, Percentile, ranks
from rnd.engineering.models import Task

_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class TeamStage:
    """One team in one stage of work: over the n tasks done in the period that were in this stage with this team.

    `percentiles` are of the time of each task; `sum_us` = the sum of `modes`. `tasks` are the first of them.
    """

    team_id: int | None
    stage: Stage
    n: int
    tasks: Sequence[int]
    sum_us: int
    modes: Mapping[Mode, int]
    percentiles: Sequence[Percentile]


@dataclass(frozen=True, slots=True)
class TeamTasks:
    """The n tasks done in the period that were in any stage of work with a team; `tasks` are the first of them."""

    team_id: int | None
    n: int
    tasks: Sequence[int]


@dataclass(frozen=True, slots=True)
class Blocked:
    """One reason: the time of the spells (not loops) in which open tasks were blocked by it, of n tasks."""

    reason: str
    sum_us: int
    n: int
    tasks: Sequence[int]


@dataclass(frozen=True, slots=True)
class Handing:
    """The n hand-overs from one team to another; `sum_us` and percentiles are over those that somebody has taken.

    `tasks` are the first of what was handed over, each once.
    """

    giver_id: int
    taker_id: int
    n: int
    taken: int
    sum_us: int
    percentiles: Sequence[Percentile]
    tasks: Sequence[int]

    @property
    def not_taken(self) -> int:
        return self.n - self.taken


@dataclass(frozen=True, slots=True)
class Work:
    """What the tasks behind the filters say, in the period."""

    tasks: int
    teams: Sequence[TeamTasks]
    by_team: Sequence[TeamStage]
    blocked: Sequence[Blocked]
    hand_overs: Sequence[Handing]


def work(actor: Actor, filters: Filters) -> Work:
    """Sum up the journal of the tasks that the filters let through.

    With a filter that only tickets know (platform, team, severity, hardware, release, passes), these are the tasks that
    are linked to such tickets. Blocked time and hand-overs are those within the period; by team, the tasks done in it.
    """
    since, until = period_of(filters, clock.now())
    found = _found(actor, filters, since, until)
    stages, teams = list(Stage), sorted(found["team"], key=lambda row: row["team"])
    by_team = sorted(found["stage"], key=lambda row: (row["team"], stages.index(row["stage"])))
    return Work(
        tasks=found["every"][0]["n"],
        teams=[TeamTasks(row["team"] or None, row["n"], row["tasks"]) for row in teams],
        by_team=[
            TeamStage(
                team_id=row["team"] or None,
                stage=Stage(row["stage"]),
                n=row["n"],
                tasks=row["tasks"],
                sum_us=row["sum_us"],
                modes={mode: row[mode.value] for mode in Mode},
                percentiles=_percentiles(row["n"], row["ranked"]),
            )
            for row in by_team
        ],
        blocked=sorted(
            (Blocked(row["reason"], row["sum_us"], row["n"], row["tasks"]) for row in found["blocked"]),
            key=lambda blocked: (-blocked.sum_us, blocked.reason),
        ),
        hand_overs=sorted(
            (
                Handing(
                    giver_id=row["giver"],
                    taker_id=row["taker"],
                    n=row["n"],
                    taken=row["taken"],
                    sum_us=row["sum_us"],
                    percentiles=_percentiles(row["taken"], row["ranked"]),
                    tasks=row["tasks"],
                )
                for row in found["handed"]
            ),
            key=lambda handing: (-handing.sum_us, handing.giver_id, handing.taker_id),
        ),
    )


def period_of(filters: Filters, now: datetime) -> tuple[datetime, datetime]:
    """Give when the period begins and ends; nothing that is yet to come is in it."""
    since = _EVER if filters.since is None else max(_EVER, filters.starts(filters.since))
    return since, now if filters.until is None else min(now, filters.starts(filters.until + timedelta(days=1)))


def _found(actor: Actor, filters: Filters, since: datetime, until: datetime) -> Mapping[str, list[dict[str, Any]]]:
    """Give the rows of each table."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    using = router.db_for_read(TaskPart)
    kept = is_filled(using)
    parts = task_parts(actor, filters, using, since, until) if kept else None
    if parts is not None:
        return rows_of(parts)
    try:
        query, params = tasks_of(actor, filters).query.sql_with_params()
    except EmptyResultSet:  # nothing that this reader may see can match
        query, params = "SELECT NULL::bigint WHERE false", ()
    named = {f"task_{place}": value for place, value in enumerate(params)}
    query %= tuple(f"%({name})s" for name in named)
    source = (KEPT if kept else TOLD).replace("{tasks}", query)
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        # Everything is sorted by task once: not on the disk where that can be helped.
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(WORK.replace("{parts}", source), {**named, "since": since, "until": until})
        for what, row in cursor.fetchall():
            found[what].append(row if isinstance(row, dict) else json.loads(row))
    return found


def tasks_of(actor: Actor, filters: Filters) -> QuerySet[Task, int]:
    """Give the numbers of the tasks that the filters (but not the period) let through, some perhaps twice."""
    tasks = Task.objects.visible_to(actor).order_by()
    if filters.programme:
        tasks = tasks.filter(programme__slug=filters.programme)
    if filters.component:
        tasks = tasks.filter(component__slug=filters.component)
    if filters.of_tickets:
        loops = filters.but(component="").narrow(Loop.objects.visible_to(actor))
        tasks = tasks.filter(ticket_links__ticket__in=loops.order_by().values("pk"))
    return tasks.values_list("pk", flat=True)


def _percentiles(n: int, ranked: Mapping[str, int] | None) -> list[Percentile]:
    """Give the percentiles from the values around them, by rank."""
    found = []
    for p in PERCENTILES:
        if n < FEWEST or ranked is None:
            found.append(Percentile(p, n, None))
            continue
        low, rank, high = ranks(n, p)
        bounds = (None if bound is None else ranked[str(bound)] for bound in (low, high))
        found.append(Percentile(p, n, ranked[str(rank)], *bounds))
    return found

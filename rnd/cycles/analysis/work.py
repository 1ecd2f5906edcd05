"""The work on tasks: design, build and test by team, hand-overs between teams, and what blocked for how long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from foundation.accounts.actors import Actor
from foundation.journal.models import Entry
from foundation.kit import clock
from rnd.cycles.figures import PERCENTILES, Percentile, percentile
from rnd.cycles.filters import Filters
from rnd.cycles.models import Loop
from rnd.cycles.moments import to_us
from rnd.cycles.raw import chunks
from rnd.cycles.spells import HandOver, Spell, Told, done_at, hand_overs, spells_of
from rnd.cycles.stages import WORK, Mode, Stage
from rnd.engineering.models import Task

KINDS = ("task.opened", "task.assigned", "task.moved", "task.blocked", "task.unblocked")


@dataclass(frozen=True, slots=True)
class TeamStage:
    """One team in one stage of work: over the tasks done in the period that were in this stage with this team.

    `percentiles` are of the time of each task; `sum_us` = the sum of `modes`.
    """

    team_id: int | None
    stage: Stage
    tasks: Sequence[int]
    sum_us: int
    modes: Mapping[Mode, int]
    percentiles: Sequence[Percentile]

    @property
    def n(self) -> int:
        return len(self.tasks)


@dataclass(frozen=True, slots=True)
class Blocked:
    """One reason: the time of the spells (not loops) in which open tasks were blocked by it, and how many tasks."""

    reason: str
    sum_us: int
    tasks: Sequence[int]


@dataclass(frozen=True, slots=True)
class Handing:
    """All hand-overs from one team to another; `waits` are those that somebody has taken, in ascending order.

    `tasks` are what was handed over, each once.
    """

    giver_id: int
    taker_id: int
    n: int
    waits: Sequence[int]
    percentiles: Sequence[Percentile]
    not_taken: int
    tasks: Sequence[int]


@dataclass(frozen=True, slots=True)
class Work:
    """What the tasks behind the filters say, in the period."""

    tasks: int
    by_team: Sequence[TeamStage]
    blocked: Sequence[Blocked]
    hand_overs: Sequence[Handing]


def work(actor: Actor, filters: Filters) -> Work:
    """Read the tasks that the filters let through from the journal.

    With a filter that only tickets know (platform, team, severity, hardware, release, passes), these are the tasks that
    are linked to such tickets. Blocked time and hand-overs are those within the period; by team, the tasks done in it.
    """
    now = to_us(clock.now())
    since = 0 if filters.since is None else to_us(filters.starts(filters.since))
    until = now if filters.until is None else min(now, to_us(filters.starts(_next(filters))))
    every = spells(_tasks(actor, filters))
    done = [some for some in every.values() if (at := done_at(some)) is not None and since <= at < until]
    handed = [handing for some in every.values() for handing in hand_overs(some) if since <= handing.at < until]
    return Work(
        tasks=len(every),
        by_team=_by_team(done, until),
        blocked=_blocked(every.values(), since, until),
        hand_overs=_handed(handed),
    )


def spells(tasks: Iterable[int]) -> dict[int, list[Spell]]:
    """Give the spells of each task that the journal knows, a query for every 5,000 tasks."""
    found: dict[int, list[Spell]] = {}
    for chunk in chunks(tasks, 5000):
        told: dict[int, list[Told]] = defaultdict(list)
        rows = Entry.objects.filter(subject_type="task", subject_id__in=chunk, kind__in=KINDS).values_list(
            "subject_id", "id", "kind", "occurred_at", "recorded_at", "data"
        )
        for task, number, kind, occurred, recorded, data in rows.iterator(chunk_size=5000):
            told[task].append(Told(number, kind, to_us(occurred), to_us(recorded), data))
        found |= {task: spells_of(task, some) for task, some in told.items()}
    return found


def _tasks(actor: Actor, filters: Filters) -> list[int]:
    tasks = Task.objects.visible_to(actor).order_by("pk")
    if filters.programme:
        tasks = tasks.filter(programme__slug=filters.programme)
    if filters.component:
        tasks = tasks.filter(component__slug=filters.component)
    if filters.of_tickets:
        loops = filters.but(component="").narrow(Loop.objects.visible_to(actor))
        tasks = tasks.filter(ticket_links__ticket__in=loops.values("pk")).distinct()
    return list(tasks.values_list("pk", flat=True))


def _by_team(done: Iterable[Sequence[Spell]], until: int) -> list[TeamStage]:
    times: dict[tuple[int | None, Stage], dict[int, int]] = defaultdict(dict)
    modes: dict[tuple[int | None, Stage], dict[Mode, int]] = defaultdict(lambda: dict.fromkeys(Mode, 0))
    for some in done:
        of_task: dict[tuple[int | None, Stage], int] = defaultdict(int)
        for spell in some:
            if spell.open in WORK and spell.open is not None:
                length = spell.length(since=0, until=until)
                of_task[spell.team, spell.open] += length
                modes[spell.team, spell.open][spell.mode] += length
        for key, length in of_task.items():
            times[key][some[0].task] = length
    return [
        TeamStage(team, stage, sorted(some), sum(some.values()), modes[team, stage], _percentiles(some.values()))
        for (team, stage), some in sorted(
            times.items(), key=lambda item: (item[0][0] or 0, list(Stage).index(item[0][1]))
        )
    ]


def _blocked(every: Iterable[Sequence[Spell]], since: int, until: int) -> list[Blocked]:
    sums: dict[str, int] = defaultdict(int)
    tasks: dict[str, set[int]] = defaultdict(set)
    for some in every:
        for spell in some:
            length = spell.length(since=since, until=until)
            if spell.blocked is not None and spell.open is not None and length:
                sums[spell.blocked] += length
                tasks[spell.blocked].add(spell.task)
    found = [Blocked(reason, length, sorted(tasks[reason])) for reason, length in sums.items()]
    return sorted(found, key=lambda blocked: (-blocked.sum_us, blocked.reason))


def _handed(handed: Iterable[HandOver]) -> list[Handing]:
    together: dict[tuple[int, int], list[HandOver]] = defaultdict(list)
    for handing in handed:
        together[handing.giver, handing.taker].append(handing)
    found = []
    for (giver, taker), some in together.items():
        waits = sorted(handing.waited for handing in some if handing.waited is not None)
        tasks = sorted({handing.task for handing in some})
        found.append(Handing(giver, taker, len(some), waits, _percentiles(waits), len(some) - len(waits), tasks))
    return sorted(found, key=lambda handing: (-sum(handing.waits), handing.giver_id, handing.taker_id))


def _percentiles(values: Iterable[int]) -> list[Percentile]:
    ordered = sorted(values)
    return [percentile(ordered, p) for p in PERCENTILES]


def _next(filters: Filters) -> date:
    assert filters.until is not None
    return filters.until + timedelta(days=1)

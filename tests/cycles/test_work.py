"""The work on tasks is summed up in the database as it is by going through the spells of each task."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from foundation.accounts.actors import SYSTEM
from foundation.journal.models import Entry
from foundation.kit import clock
from rnd.cycles.actions import project_tasks
from rnd.cycles.actions.project_tasks import differing_tasks
from rnd.cycles.analysis import work as reading
from rnd.cycles.analysis import work_sql
from rnd.cycles.analysis.work import Work, work
from rnd.cycles.analysis.work_sql import NAMED
from rnd.cycles.clock.moments import to_us
from rnd.cycles.clock.stages import WORK
from rnd.cycles.facts.columnar import ranks as ranks_
from rnd.cycles.facts.columnar.work import refresh_work
from rnd.cycles.facts.parts_sql import KINDS
from rnd.cycles.filters import Filters
from rnd.cycles.models import Filling, TaskPart, WorkColumn, WorkSlab
from rnd.cycles.rebuilding.filling import PARTS
from rnd.cycles.statistics.figures import PERCENTILES, percentile, ranks
from rnd.engineering.models import Task
from tests.cast import Cast
from tests.cycles.spells import Spell, Told, done_at, hand_overs, spells_of
from tests.cycles.world import DAY0

pytestmark = pytest.mark.django_db
NOW = DAY0 + timedelta(days=30)


def data_of(chance: Random, kind: str) -> dict[str, Any]:
    team = chance.choice([None, 1, 2, 3])
    data: dict[str, dict[str, Any]] = {
        "task.opened": {"team_id": team},
        "task.assigned": {"team_id": team, "assignee_id": chance.choice([None, 7])},
        "task.moved": {"to_stage": chance.choice(["queue", "design", "build", "test", "test", "done", "done"])},
        "task.blocked": {"reason": chance.choice(["", "parts", "-range", "+9"])},
        "task.unblocked": {},
    }
    return data[kind]


def entries(cast: Cast, chance: Random, tasks: int, *, hours: int = 40) -> dict[int, list[Spell]]:
    """Write the journal of some tasks by the back door, out of order and at few moments; give their spells."""
    for _task in range(tasks):
        task = Task.objects.create(
            component=cast.radio, programme=cast.programme, title="-", stage_since=DAY0, opened_at=DAY0
        )
        kinds = ["task.opened", *chance.choices(KINDS[1:], k=chance.randrange(14)), *KINDS[: chance.randrange(2)]]
        for kind in kinds:
            occurred, recorded = (DAY0 + timedelta(hours=chance.randrange(hours)) for _ in range(2))
            Entry.objects.create(
                subject_type="task", subject_id=task.pk, kind=kind, occurred_at=occurred, recorded_at=recorded,
                actor_kind="user", actor_name="", data=data_of(chance, kind),
            )  # fmt: skip
    told: dict[int, list[Told]] = defaultdict(list)
    for entry in Entry.objects.filter(subject_type="task", kind__in=KINDS):
        moments = to_us(entry.occurred_at), to_us(entry.recorded_at)
        told[entry.subject_id].append(Told(entry.pk, entry.kind, *moments, entry.data))
    return {task: spells_of(task, some) for task, some in told.items()}


def every_way(filters: Filters, tasks: list[int], chance: Random) -> Work:
    """Ask the journal, the parts, the columns of some weeks and of all; give what all of them say."""
    Filling.objects.update_or_create(name=PARTS, defaults={"behind": 0, "upto": 1})
    with clock.at(NOW):
        told = work(SYSTEM, filters)
        Filling.objects.update(behind=1)
        project_tasks(task_ids=tasks)
        assert differing_tasks(tasks) == []
        stale = WorkSlab.objects.count()
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(reading, "task_parts", lambda *_asked: None)
            assert work(SYSTEM, filters) == told
        for limit in (chance.randrange(stale + 1), None):
            refresh_work(limit=limit)
            assert work(SYSTEM, filters) == told
        assert WorkColumn.objects.exists()
    TaskPart.objects.all().delete()
    WorkSlab.objects.all().delete()
    WorkColumn.objects.all().delete()
    return told


@pytest.fixture(params=["held", "counted"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take both ways to a rank: few values are held and sorted, of many it is counted first in which bin they lie."""
    if request.param == "counted":
        monkeypatch.setattr(ranks_, "HELD", 8)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(("seed", "hours"), [(0, 40), (1, 40), (2, 40), (3, 40), (4, 500), (5, 29 * 24)])
def test_the_database_sums_up_what_the_spells_of_each_task_say(cast: Cast, seed: int, hours: int) -> None:
    chance = Random(seed)
    every = entries(cast, chance, 60, hours=hours)
    since = (DAY0 + timedelta(hours=hours // 2)).date()
    until = (DAY0 + timedelta(hours=hours // 2, days=chance.choice([0, 1]))).date()
    for filters in (Filters(), Filters(since=since), Filters(until=until), Filters(since=since, until=until)):
        begins = 0 if filters.since is None else to_us(filters.starts(filters.since))
        ends = to_us(NOW) if filters.until is None else to_us(filters.starts(until + timedelta(days=1)))
        found = every_way(filters, list(every), chance)
        assert found.tasks == len(every)
        done = {t for t, some in every.items() if (at := done_at(some)) is not None and begins <= at < ends}
        times: dict[Any, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        modes: dict[Any, int] = defaultdict(int)
        for spell in (spell for task in done for spell in every[task] if spell.open in WORK):
            length = spell.length(since=0, until=ends)
            times[spell.team, spell.open][spell.task] += length
            modes[spell.team, spell.open, spell.mode] += length
        assert {(one.team_id, one.stage) for one in found.by_team} == set(times)
        for one in found.by_team:
            some = times[one.team_id, one.stage]
            assert (one.n, one.sum_us, list(one.tasks)) == (len(some), sum(some.values()), sorted(some))
            assert {mode: modes[one.team_id, one.stage, mode] for mode in one.modes} == dict(one.modes)
            assert list(one.percentiles) == [percentile(sorted(some.values()), p) for p in PERCENTILES]
        for team in found.teams:
            tasks = {task for (whose, _stage), some in times.items() if whose == team.team_id for task in some}
            assert (team.n, list(team.tasks)) == (len(tasks), sorted(tasks))
        handed = [one for some in every.values() for one in hand_overs(some) if begins <= one.at < ends]
        assert {(one.giver_id, one.taker_id) for one in found.hand_overs} == {(o.giver, o.taker) for o in handed}
        for pair in found.hand_overs:
            mine = [one for one in handed if (one.giver, one.taker) == (pair.giver_id, pair.taker_id)]
            waits = sorted(one.waited for one in mine if one.waited is not None)
            assert (pair.n, pair.taken, pair.sum_us) == (len(mine), len(waits), sum(waits))
            assert list(pair.percentiles) == [percentile(waits, p) for p in PERCENTILES]
            assert list(pair.tasks) == sorted({one.task for one in mine})
        blocked: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for spell in (spell for some in every.values() for spell in some):
            length = spell.length(since=begins, until=ends)
            if spell.blocked is not None and spell.open is not None and length:
                blocked[spell.blocked][spell.task] += length
        assert {one.reason: (one.sum_us, one.n, list(one.tasks)) for one in found.blocked} == {
            reason: (sum(some.values()), len(some), sorted(some)) for reason, some in blocked.items()
        }


def test_what_an_entry_does_not_touch_stays_as_it_is(cast: Cast) -> None:
    chance = Random(8)
    every = entries(cast, chance, 20, hours=29 * 24)
    assert project_tasks(task_ids=list(every)) == len(every)
    assert project_tasks(task_ids=list(every)) == 0
    refresh_work()
    before, versions = parts(), dict(WorkSlab.objects.values_list("first", "version"))
    late = next(t for t, some in every.items() if some[-1].open and any(one.open in WORK for one in some))
    first = min(every.keys() - {late})
    Entry.objects.create(
        subject_type="task", subject_id=late, kind="task.moved", occurred_at=NOW - timedelta(hours=9), recorded_at=NOW,
        actor_kind="user", actor_name="", data={"to_stage": "done"},
    )  # fmt: skip
    assert project_tasks(task_ids=[first, late]) == 1
    after = parts()
    assert {row[0] for row in before ^ after} == {late}
    weeks = {
        (at - timedelta(days=at.weekday())).date() for _task, kind, at, *_rest in before ^ after if kind != "blocked"
    }
    assert {slab.first for slab in WorkSlab.objects.all() if slab.version != versions.get(slab.first)} == weeks
    TaskPart.objects.all().delete()
    project_tasks(task_ids=list(every))
    assert parts() == after


def parts() -> set[Any]:
    return set(TaskPart.objects.values_list(*(field.attname for field in TaskPart._meta.concrete_fields)))


def test_the_first_tasks_of_many_weeks_are_found_among_those_that_came_back(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = Random(3)
    made: dict[Any, TaskPart] = {}
    for _part in range(4000):
        kind, task = chance.choice(["build", "test", "handed"]), chance.randrange(1, 900)
        at = DAY0 - timedelta(days=chance.randrange(200), seconds=task)
        team, other = chance.choice([(1, 2), (1, 3), (2, 1)])
        made[task, kind, at if kind == "handed" else None, team] = TaskPart(
            task_id=task, kind=kind, at=at if kind == "handed" else DAY0 - timedelta(hours=task), team_id=team,
            programme_id=cast.programme.pk, component_id=cast.radio.pk, other_id=other if kind == "handed" else None,
            us=chance.choice([None, 5, 7 * task]) if kind == "handed" else task, active_us=task, waiting_us=0,
            blocked_us=0,
        )  # fmt: skip
    TaskPart.objects.bulk_create(made.values())
    for task in {row.task_id for row in made.values()}:
        Task.objects.create(
            pk=task, component=cast.radio, programme=cast.programme, title="-", stage_since=DAY0, opened_at=DAY0
        )
    firsts = {row.at.date() - timedelta(days=row.at.weekday()) for row in made.values()}
    WorkSlab.objects.bulk_create([WorkSlab(programme_id=cast.programme.pk, first=first) for first in firsts])
    with clock.at(NOW):
        for filters in (Filters(), Filters(component="radio", since=(DAY0 - timedelta(days=100)).date())):
            with monkeypatch.context() as patched:
                patched.setattr(reading, "task_parts", lambda *_asked: None)
                by_parts = work(SYSTEM, filters)
            refresh_work()
            by_column = work(SYSTEM, filters)
            assert by_column == by_parts
            named = {len(one.tasks) for one in by_column.hand_overs} | {len(one.tasks) for one in by_column.teams}
            assert filters.any or named == {NAMED}
            WorkSlab.objects.update(version=F("version") + 1)


def test_the_ranks_around_a_percentile_hold_its_interval(cast: Cast) -> None:
    query = work_sql._ranked("g", "(SELECT 0 AS g, generate_series(1, %s) AS v) AS many")
    for n in (10, 11, 57, 400, 3_001, 200_000):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT ranked FROM {query} AS r", [n])
            known = set(map(int, json.loads(cursor.fetchone()[0])))
        assert {rank for p in PERCENTILES for rank in ranks(n, p) if rank is not None} <= known
        assert len(known) <= 60 + 9 * n**0.5

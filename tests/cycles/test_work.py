"""The work on tasks is summed up in the database as it is by going through the spells of each task."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection

from foundation.accounts.actors import SYSTEM
from foundation.journal.models import Entry
from foundation.kit import clock
from rnd.cycles.analysis import spells_sql
from rnd.cycles.analysis.work import KINDS, work
from rnd.cycles.figures import PERCENTILES, percentile, ranks
from rnd.cycles.filters import Filters
from rnd.cycles.moments import to_us
from rnd.cycles.stages import WORK
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


def entries(cast: Cast, chance: Random, tasks: int) -> dict[int, list[Spell]]:
    """Write the journal of some tasks by the back door, out of order and at few moments; give their spells."""
    for _task in range(tasks):
        task = Task.objects.create(
            component=cast.radio, programme=cast.programme, title="-", stage_since=DAY0, opened_at=DAY0
        )
        kinds = ["task.opened", *chance.choices(KINDS[1:], k=chance.randrange(14)), *KINDS[: chance.randrange(2)]]
        for kind in kinds:
            occurred, recorded = (DAY0 + timedelta(hours=chance.randrange(40)) for _ in range(2))
            Entry.objects.create(
                subject_type="task", subject_id=task.pk, kind=kind, occurred_at=occurred, recorded_at=recorded,
                actor_kind="user", actor_name="", data=data_of(chance, kind),
            )  # fmt: skip
    told: dict[int, list[Told]] = defaultdict(list)
    for entry in Entry.objects.filter(subject_type="task", kind__in=KINDS):
        moments = to_us(entry.occurred_at), to_us(entry.recorded_at)
        told[entry.subject_id].append(Told(entry.pk, entry.kind, *moments, entry.data))
    return {task: spells_of(task, some) for task, some in told.items()}


@pytest.mark.parametrize("seed", range(4))
def test_the_database_sums_up_what_the_spells_of_each_task_say(cast: Cast, seed: int) -> None:
    chance = Random(seed)
    every = entries(cast, chance, 60)
    since, until = (DAY0 + timedelta(days=1)).date(), (DAY0 + timedelta(days=chance.choice([1, 2]))).date()
    for filters in (Filters(), Filters(since=since), Filters(until=until)):
        begins = 0 if filters.since is None else to_us(filters.starts(filters.since))
        ends = to_us(NOW) if filters.until is None else to_us(filters.starts(until + timedelta(days=1)))
        with clock.at(NOW):
            found = work(SYSTEM, filters)
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


def test_the_ranks_around_a_percentile_hold_its_interval(cast: Cast) -> None:
    query = spells_sql._ranked("g", "(SELECT 0 AS g, generate_series(1, %s) AS v) AS many")
    for n in (10, 11, 57, 400, 3_001, 200_000):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT ranked FROM {query} AS r", [n])
            known = set(map(int, json.loads(cursor.fetchone()[0])))
        assert {rank for p in PERCENTILES for rank in ranks(n, p) if rank is not None} <= known
        assert len(known) <= 60 + 9 * n**0.5

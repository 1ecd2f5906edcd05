"""The facts are the same, however they came to be there: entry by entry, many together, anew, by several processes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from foundation.embedded.environment import ROOT
from rnd.cycles.actions import project_tasks, project_tickets
from rnd.cycles.clock import DEFINITION, wind
from rnd.cycles.consumers import forget_facts
from rnd.cycles.facts.raw import FEW, chunks
from rnd.cycles.facts.reading import stories_of
from rnd.cycles.facts.stored import way_of
from rnd.cycles.models import Filling, Loop, TaskPart
from rnd.cycles.rebuilding.chunks import ticket_chunks
from rnd.cycles.rebuilding.filling import PARTS, fill_in, is_filled
from rnd.engineering.models import Task
from tests.cast import Cast
from tests.cycles.facts import facts
from tests.cycles.processes import surroundings, waiting
from tests.cycles.world import RandomJournal, project, whole_loop
from tests.embedded.running import descendants, living, wait_for


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(6))
def test_rebuilt_equals_incremental_equals_the_clock(cast: Cast, seed: int) -> None:
    """Random journals, read by the consumer in pieces of random size as they are written."""
    world = RandomJournal(cast, seed)
    for _ in range(6):
        world.write(world.random.randint(1, 15))
        project()
    incremental = facts()
    for ticket, story in stories_of([ticket.pk for ticket in world.tickets]).items():
        way = wind(story)
        loop = Loop.objects.get(pk=ticket)
        assert way is not None
        stored = way_of(loop, loop.segments.order_by("ordinal"))
        assert (stored.segments, stored.running) == (way.segments, way.running)
        assert (loop.total_us, loop.stages, loop.excluded) == (way.total, way.stages, way.excluded)

    forget_facts()
    call_command("rebuild_cycles", chunk=4, processes=1, stdout=StringIO(), stderr=StringIO())
    assert facts() == incremental
    call_command("rebuild_cycles", check=True, stdout=StringIO(), stderr=StringIO())


@pytest.mark.django_db(transaction=True)
def test_many_together_give_what_each_gives_by_itself(cast: Cast) -> None:
    """More than a few are read as arrays: into empty tables, and in place of what is there and some of it outdated."""
    world = RandomJournal(cast, 21, ticket_count=3 * FEW, task_count=2 * FEW)
    tickets, tasks = [ticket.pk for ticket in world.tickets], [task.pk for task in world.tasks]
    together: list[Any] = []
    for written, outdated in ((400, len(tickets)), (12, None)):
        world.write(written)
        changed = project_tickets(ticket_ids=tickets)
        assert changed == outdated or 0 < changed < len(tickets)
        assert project_tasks(task_ids=tasks) > 0
        together = facts()
        assert project_tickets(ticket_ids=tickets) == project_tasks(task_ids=tasks) == 0
        assert [project_tickets(ticket_ids=some) for some in chunks(tickets, FEW)] == [0, 0, 0]
        assert [project_tasks(task_ids=some) for some in chunks(tasks, FEW)] == [0, 0]
        assert facts() == together
        call_command("rebuild_cycles", check=True, stdout=StringIO(), stderr=StringIO())
    assert Loop.objects.filter(excluded="merged").exists()
    forget_facts()
    for some in chunks(tickets, FEW):
        project_tickets(ticket_ids=some)
    for some in chunks(tasks, FEW):
        project_tasks(task_ids=some)
    assert facts() == together


@pytest.mark.django_db(transaction=True)
def test_several_processes_rebuild_the_same_facts_together(cast: Cast) -> None:
    world = RandomJournal(cast, 7)
    world.write(40)
    project()
    incremental = facts()
    forget_facts()
    assert facts() != incremental
    ranges = list(ticket_chunks(size=2))
    assert [ticket for chunk in ranges for ticket in chunk] == sorted(ticket.pk for ticket in world.tickets)
    assert all(len({ticket // 2 for ticket in chunk}) == 1 for chunk in ranges)
    assert list(ticket_chunks(after=ranges[1][-1], size=2)) == ranges[2:]
    said = StringIO()
    call_command("rebuild_cycles", chunk=2, processes=2, json=True, stdout=said, stderr=StringIO())
    assert facts() == incremental
    told = json.loads(said.getvalue())
    assert (told["tickets"], told["changed"], told["definition"]) == (6, 6, DEFINITION)
    assert told["tasks"] == told["changed_tasks"] == Task.objects.count() > 0


@contextmanager
def held_rebuild(world: RandomJournal, said: Path, *, processes: int) -> Iterator[subprocess.Popen[bytes]]:
    """Give a rebuild that is under way, and waits for the row of the last ticket as long as this lasts."""
    Loop.objects.update(passes=77)
    # A shell that runs us in the background lets us ignore Ctrl-C, and so would this process.
    listening = ["env", "--default-signal=INT"]
    command = [*listening, sys.executable, "manage.py", "rebuild_cycles", "--chunk", "2", "--processes", str(processes)]
    with transaction.atomic():
        Loop.objects.select_for_update().get(pk=max(ticket.pk for ticket in world.tickets))
        with said.open("wb") as terminal:
            process = subprocess.Popen(
                command, cwd=ROOT, env=surroundings(), stdout=terminal, stderr=terminal, process_group=0
            )
        try:
            # A worker that began late may wait for the other one, and nothing is told then.
            wait_for(
                lambda: "goes on here" in said.read_text() or waiting() == processes or process.poll() is not None, 120
            )
            assert process.poll() is None, said.read_text()
            yield process
        except BaseException:
            process.kill()
            raise


@pytest.mark.django_db(transaction=True)
def test_nothing_runs_on_when_a_rebuild_is_killed(cast: Cast, tmp_path: Path) -> None:
    world = RandomJournal(cast, 7)
    world.write(40)
    project()
    with held_rebuild(world, tmp_path / "said", processes=2) as process:
        family = descendants(process.pid)
        assert len(family) == 4, "the fork server with two workers, and the tracker"
        process.kill()
        process.wait()
        wait_for(lambda: not living(family), 10)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("processes", [1, 2])
def test_an_interrupted_rebuild_says_where_to_go_on(cast: Cast, tmp_path: Path, processes: int) -> None:
    world = RandomJournal(cast, 7)
    world.write(40)
    project()
    incremental, said = facts(), tmp_path / "said"
    with held_rebuild(world, said, processes=processes) as process:
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        wait_for(lambda: process.poll() is not None, 2, required=False)
    assert process.wait(60) == 130, said.read_text()
    *shown, last = said.read_text().splitlines()
    told = [
        re.fullmatch(r"(\d) of 6 tickets \((\d+) %\), [\d,]+ a second; --after (\d+) goes on here", line)
        for line in filter(None, shown)
    ]
    assert told or processes > 1
    behind = 0
    for one in told:
        assert one is not None, shown
        assert int(one[2]) == 100 * int(one[1]) // 6
        behind = int(one[3])
    assert last == f"Interrupted; --after {behind} goes on here."
    call_command("rebuild_cycles", after=behind, processes=1, stdout=StringIO(), stderr=StringIO())
    assert facts() == incremental


@pytest.mark.django_db(transaction=True)
def test_replaying_the_consumer_gives_the_same_facts_too(cast: Cast) -> None:
    RandomJournal(cast, 99).write(60)
    project()
    incremental = facts()
    call_command("replay", "cycles.project", stdout=StringIO(), stderr=StringIO())
    assert facts() == incremental


@pytest.mark.django_db
def test_the_check_names_what_differs(cast: Cast) -> None:
    ticket = whole_loop(cast)
    project_tickets(ticket_ids=[ticket.pk])
    task = Task.objects.get()
    project_tasks(task_ids=[task.pk])
    call_command("rebuild_cycles", check=True, stdout=StringIO(), stderr=StringIO())
    Loop.objects.update(passes=7)
    TaskPart.objects.filter(kind="build").update(us=7)
    errors = StringIO()
    with pytest.raises(SystemExit):
        call_command("rebuild_cycles", check=True, stdout=StringIO(), stderr=errors)
    assert f"{ticket.key} is not what the journal says" in errors.getvalue()
    assert f"{task.key} is not what the journal says" in errors.getvalue()
    out = StringIO()
    call_command("rebuild_cycles", json=True, stdout=out, stderr=StringIO())
    changed = '"tickets": 1, "changed": 1, "definition": 1, "tasks": 1, "changed_tasks": 1'
    assert out.getvalue() == f"{{{changed}}}\n"
    call_command("rebuild_cycles", check=True, stdout=StringIO(), stderr=StringIO())


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_tells_the_planner_what_is_there_now(cast: Cast) -> None:
    """Who planned over empty tables would go through all of them."""
    RandomJournal(cast, 4).write(30)
    project()
    call_command("rebuild_cycles", stdout=StringIO(), stderr=StringIO())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples FROM pg_class WHERE relname IN ('cycles_loop', 'cycles_taskpart') ORDER BY relname"
        )
        told = [row[0] for row in cursor.fetchall()]
    assert told == [Loop.objects.count(), TaskPart.objects.count()]
    assert all(told)


@pytest.mark.django_db(transaction=True)
def test_workers_fill_in_the_tasks_that_were_there_before(cast: Cast) -> None:
    RandomJournal(cast, 3).write(30)
    project()
    kept = facts()
    TaskPart.objects.all().delete()
    last = Task.objects.order_by("pk").last()
    assert last is not None
    Filling.objects.create(name=PARTS, upto=last.pk)
    assert not is_filled("default")
    assert fill_in() == Task.objects.count() > 0
    fill_in()  # finds that there is nothing more
    assert is_filled("default")
    assert facts() == kept
    call_command("rebuild_cycles", after_task=last.pk, stdout=StringIO(), stderr=StringIO())
    assert facts() == kept

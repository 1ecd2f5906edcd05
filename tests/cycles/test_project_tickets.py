"""The facts are what the clock says of the journal, however they came to be there."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from foundation.kit import clock
from frontline_feedback import actions as tickets
from frontline_feedback.classification import Reclassification
from frontline_feedback.models import Ticket
from rnd.cycles.actions import project_tasks, project_tickets
from rnd.cycles.clock import DEFINITION, wind
from rnd.cycles.clock.stages import Mode, Stage
from rnd.cycles.consumers import forget_facts
from rnd.cycles.facts import rollups
from rnd.cycles.facts.raw import FEW, chunks
from rnd.cycles.facts.reading import stories_of
from rnd.cycles.facts.stored import way_of
from rnd.cycles.models import Filling, Flow, Loop, Segment, TaskPart
from rnd.cycles.rebuilding.chunks import ticket_chunks
from rnd.cycles.rebuilding.filling import PARTS, fill_in, is_filled
from rnd.engineering.models import Task
from tests.cast import Cast
from tests.cycles.world import RandomJournal, hours, project, whole_loop
from tests.frontline_feedback.world import report

HOUR = 3_600_000_000


def facts() -> list[Any]:
    """Everything that is stored, without the segments' own numbers."""
    segments = Segment.objects.order_by("loop", "ordinal").values_list(
        "loop", "ordinal", "stage", "mode", "pass_number", "since", "until"
    )
    flow = Flow.objects.order_by("programme", "component", "day").values_list()
    nothing = (0,) * len(rollups.FLOW_COLUMNS)
    return [
        list(Loop.objects.order_by("pk").values_list()),
        list(segments),
        [row for row in flow if row[-len(nothing) :] != nothing],
        list(TaskPart.objects.order_by("pk").values_list()),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_whole_loop_is_stored_with_every_stage(cast: Cast) -> None:
    ticket = whole_loop(cast)
    project()
    loop = Loop.objects.get(pk=ticket.pk)
    assert loop.stages == {stage: hour * HOUR for hour, stage in enumerate(Stage, start=1)}
    assert (loop.total_us, loop.active_us, loop.waiting_us, loop.blocked_us) == (45 * HOUR, 15 * HOUR, 30 * HOUR, 0)
    assert (loop.started_at, loop.finished_at, loop.ended_at) == (hours(0), hours(45), hours(45))
    assert (loop.passes, loop.pass_us, loop.visits, loop.excluded) == (1, [45 * HOUR], [1] * 9, "")
    assert (loop.component_id, loop.team_id, loop.severity) == (cast.autopilot.pk, cast.north.pk, "S2")
    assert (loop.current_stage, loop.running_since, loop.modes_recorded) == ("", None, True)
    assert loop.segments.count() == 9


@pytest.mark.django_db(transaction=True)
def test_an_open_ticket_holds_what_is_over_and_where_it_is_now(cast: Cast) -> None:
    ticket = whole_loop(cast, verdict=None)
    project()
    loop = Loop.objects.get(pk=ticket.pk)
    assert (loop.total_us, loop.finished_at, loop.verify_us) == (36 * HOUR, None, None)
    assert (loop.current_stage, loop.current_mode, loop.current_since) == ("verify", Mode.WAITING, hours(36))


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


@pytest.mark.django_db(transaction=True)
def test_replaying_the_consumer_gives_the_same_facts_too(cast: Cast) -> None:
    RandomJournal(cast, 99).write(60)
    project()
    incremental = facts()
    call_command("replay", "cycles.project", stdout=StringIO(), stderr=StringIO())
    assert facts() == incremental


@pytest.mark.django_db
def test_doing_it_again_changes_nothing(cast: Cast) -> None:
    ticket = whole_loop(cast)
    assert project_tickets(ticket_ids=[ticket.pk]) == 1
    before = facts()
    assert project_tickets(ticket_ids=[ticket.pk]) == 0
    assert facts() == before


@pytest.mark.django_db(transaction=True)
def test_a_duplicate_follows_the_tasks_of_the_ticket_it_was_merged_into(cast: Cast) -> None:
    with clock.at(hours(0)):
        duplicate = report(cast, "stepan", seen_at=hours(0))
    canonical = whole_loop(cast, start=1, verdict=None)
    with clock.at(hours(2)):
        tickets.merge_ticket(actor=cast.actor("ingrid"), ticket=duplicate, canonical=canonical)
    project()
    loop = Loop.objects.get(pk=duplicate.pk)
    assert (loop.excluded, loop.current_stage) == ("merged", "release")
    assert (loop.design_us, loop.build_us, loop.test_us) == (4 * HOUR, 5 * HOUR, 6 * HOUR)


@pytest.mark.django_db(transaction=True)
def test_a_reclassified_ticket_moves_to_its_component(cast: Cast) -> None:
    ticket = whole_loop(cast)
    project()
    change = Reclassification(component=cast.radio, severity="S1")
    tickets.reclassify_ticket(actor=cast.actor("ingrid"), ticket=ticket, change=change)
    project()
    loop = Loop.objects.get(pk=ticket.pk)
    assert (loop.component_id, loop.severity, loop.total_us) == (cast.radio.pk, "S1", 45 * HOUR)


@pytest.mark.django_db(transaction=True)
def test_a_claim_from_a_wrong_clock_is_counted_as_moved(cast: Cast) -> None:
    with clock.at(hours(0)):
        ticket = report(cast, seen_at=hours(0) + timedelta(minutes=30))
    project()
    loop = Loop.objects.get(pk=ticket.pk)
    assert (loop.moved_entries, loop.started_at) == (1, hours(0))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("build_us = build_us + 1", "its stages are not its total."),
        ("build_us = NULL", "its stages are not its total."),
        ("active_us = active_us + 1", "its modes are not its total."),
        ("finished_at = finished_at + interval '1 microsecond'", "it finished at another time than it ended."),
        ("started_at = started_at + interval '1 microsecond'", "its total is not the time from its start."),
        ("running_since = ended_at", "it has not either ended or runs on."),
        ("passes = 0", "it has no pass, no definition, or less than no moved entries."),
        ("moved_entries = -1", "it has no pass, no definition, or less than no moved entries."),
    ],
)
def test_the_database_refuses_a_loop_that_does_not_add_up(cast: Cast, change: str, broken: str) -> None:
    ticket = whole_loop(cast)
    project_tickets(ticket_ids=[ticket.pk])
    with (
        pytest.raises(IntegrityError, match=f"breaks loop_adds_up: {broken}"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE cycles_loop SET {change}")


@pytest.mark.django_db
def test_the_database_refuses_a_course_with_a_bound_too_few(cast: Cast) -> None:
    project_tickets(ticket_ids=[whole_loop(cast).pk])
    with (
        pytest.raises(IntegrityError, match="course_reads_between_its_bounds"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE cycles_course SET bounds = bounds[2:]")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [21, 22])
def test_segments_follow_each_other_from_the_beginning_to_the_end(cast: Cast, seed: int) -> None:
    """So a course says all of them by one moment more than there are."""
    RandomJournal(cast, seed).write(80)
    project()
    for loop in Loop.objects.all():
        since = loop.started_at
        for ordinal, segment in enumerate(loop.segments.order_by("ordinal"), start=1):
            assert (segment.ordinal, segment.began, segment.since) == (ordinal, loop.started_at, since)
            assert segment.since < segment.until
            since = segment.until
        assert since == (loop.ended_at or loop.running_since)


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


@pytest.mark.django_db
def test_many_tickets_take_as_many_queries_as_one(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ids = [whole_loop(cast, start=number).pk for number in range(4)]
    assert Ticket.objects.count() == 4
    with django_assert_max_num_queries(11):
        assert project_tickets(ticket_ids=ids) == 4

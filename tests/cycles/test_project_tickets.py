"""The facts are what the clock says of the journal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from foundation.kit import clock
from frontline_feedback import actions as tickets
from frontline_feedback.classification import Reclassification
from frontline_feedback.models import Ticket
from rnd.cycles.actions import project_tickets
from rnd.cycles.clock.stages import Mode, Stage
from rnd.cycles.models import Loop
from tests.cast import Cast
from tests.cycles.facts import facts
from tests.cycles.world import RandomJournal, hours, project, whole_loop
from tests.frontline_feedback.world import report

HOUR = 3_600_000_000


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
def test_many_tickets_take_as_many_queries_as_one(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ids = [whole_loop(cast, start=number).pk for number in range(4)]
    assert Ticket.objects.count() == 4
    with django_assert_max_num_queries(11):
        assert project_tickets(ticket_ids=ids) == 4

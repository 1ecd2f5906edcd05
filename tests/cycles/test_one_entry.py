"""One entry more reads and writes no more than it must, and the facts stay what the whole journal says."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction

from foundation.accounts.actors import SYSTEM
from foundation.journal import record
from foundation.journal.models import Entry
from foundation.kit import clock
from frontline_feedback import kinds as told
from frontline_feedback.actions import merge_ticket
from frontline_feedback.models import Ticket
from rnd.cycles.actions import project_entries, project_tickets
from rnd.cycles.consumers import forget_facts
from rnd.cycles.facts.columnar.loops import refresh_loops
from rnd.cycles.models import Loop, Segment, Slab, Span
from rnd.engineering import actions as tasks
from rnd.engineering import kinds as worked
from rnd.engineering.models import Task, TaskTicket
from tests.cast import Cast
from tests.cycles.facts import facts, is_as_the_journal_says
from tests.cycles.world import RandomJournal, hours, moved, project, quick_loop, say, whole_loop
from tests.frontline_feedback.world import report
from tests.journal.conftest import session

DAY = timedelta(days=1)
HOUR = 3_600_000_000


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [11, 12, 13])
def test_entry_by_entry_gives_what_the_whole_journal_gives(cast: Cast, seed: int) -> None:
    world = RandomJournal(cast, seed)
    for number in range(60):
        world.write(1)
        if number % 20 == 7:
            world.now += 90 * DAY
        project()
        assert is_as_the_journal_says(world.random.choice(world.tickets))
    one_by_one = facts()
    forget_facts()
    call_command("rebuild_cycles", chunk=4, processes=1, stdout=StringIO(), stderr=StringIO())
    assert facts() == one_by_one
    call_command("rebuild_cycles", check=True, stdout=StringIO(), stderr=StringIO())


@pytest.mark.django_db(transaction=True)
def test_a_task_that_is_linked_late_brings_its_whole_past(cast: Cast) -> None:
    """Also where the ticket's next entry is handled before that of the link, which a failure can put off."""
    with clock.at(hours(0)):
        task = tasks.open_task(actor=SYSTEM, component=cast.radio, title="Known for long")
    say(moved("design"), task, 100)
    say(moved("build"), task, 3000)
    with clock.at(hours(2000)):
        ticket = report(cast, seen_at=hours(1999), component=cast.radio)
    project()
    say(told.TicketAccepted(), ticket, 4000)
    project()
    TaskTicket.objects.create(task=task, ticket=ticket, linked_at=hours(5000))
    say(worked.TaskLinked(ticket_id=ticket.pk), task, 5000)
    say(told.TicketFixOffered(release_id=1, channel="fleet", version="1"), ticket, 5100)
    project_entries(entries=[Entry.objects.latest("id")])
    assert is_as_the_journal_says(ticket)
    project()
    loop = Loop.objects.get(pk=ticket.pk)
    assert is_as_the_journal_says(ticket)
    assert (loop.recorded_from, loop.recorded_to) == (hours(0), hours(5100))
    assert loop.design_us == 1001 * HOUR


@pytest.mark.django_db(transaction=True)
def test_an_entry_is_read_by_one_statement_and_written_by_another(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it is about a task, whose tickets have to be found."""
    ticket = whole_loop(cast, verdict=None)
    project()
    asked: list[object] = []
    was = psycopg.Cursor.execute

    def execute(self: Any, query: Any, *args: Any, **options: Any) -> Any:
        asked.append(query)
        return was(self, query, *args, **options)

    monkeypatch.setattr(psycopg.Cursor, "execute", execute)
    for hour, said, subject in ((50, told.TicketReopened(reason="-"), ticket), (60, moved("test"), Task.objects.get())):
        say(said, subject, hour)
        entry = Entry.objects.latest("id")
        asked.clear()
        assert project_entries(entries=[entry]) == 1
        assert len(asked) == 2, asked
        assert is_as_the_journal_says(ticket)


@pytest.mark.django_db(transaction=True)
def test_a_task_s_entry_reaches_the_duplicates_of_its_tickets(cast: Cast) -> None:
    with clock.at(hours(0)):
        copy = report(cast, "stepan", seen_at=hours(0))
    ticket = whole_loop(cast, start=1, verdict=None)
    with clock.at(hours(20)):
        merge_ticket(actor=cast.actor("ingrid"), ticket=copy, canonical=ticket)
    project()
    say(moved("test"), Task.objects.get(), 60)
    assert project_entries(entries=[Entry.objects.latest("id")]) == 2
    assert is_as_the_journal_says(ticket)
    assert is_as_the_journal_says(copy)


@pytest.mark.django_db(transaction=True)
def test_entries_are_followed_on_a_new_connection_too(cast: Cast) -> None:
    """What a thread keeps for its connection ends with it."""
    ticket = whole_loop(cast, verdict=None)
    for hour in (50, 60):
        project()
        assert is_as_the_journal_says(ticket)
        connection.close()
        say(told.TicketReopened(reason="-"), ticket, hour)


@pytest.mark.django_db(transaction=True)
def test_a_loop_that_does_not_say_where_its_entries_lie_is_read_from_all_months(cast: Cast) -> None:
    ticket = whole_loop(cast, verdict=None)
    project()
    Loop.objects.update(recorded_from=None, recorded_to=None)
    say(told.TicketReopened(reason="-"), ticket, 9000)
    project()
    assert is_as_the_journal_says(ticket)


@pytest.mark.django_db(transaction=True)
def test_a_course_that_stays_as_it_is_is_not_written_again(cast: Cast) -> None:
    ticket = whole_loop(cast, verdict=None)
    project()
    places = [_place(ticket)]
    # What is said anew changes what the loop knows, and no stage.
    for hour, said in ((50, told.TicketAccepted()), (60, told.TicketVerdictGiven.model_validate(_verdict("worse")))):
        say(said, ticket, hour)
        project()
        assert is_as_the_journal_says(ticket)
        places.append(_place(ticket))
    assert places[0] == places[1] != places[2]
    assert Segment.objects.filter(loop_id=ticket.pk).count() == 9


def _place(ticket: Ticket) -> Any:
    """Give where in its table the course lies: elsewhere after each time that it is written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid::text FROM cycles_course WHERE loop_id = %s", [ticket.pk])
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_a_late_entry_takes_segments_away_again(cast: Cast) -> None:
    ticket = whole_loop(cast, verdict=None)
    project()
    with clock.at(hours(90)), transaction.atomic():
        entry = told.TicketClosed(outcome="wont_fix", reason="-")
        record(entry, subject=ticket, actor=SYSTEM, occurred_at=hours(2))
    project()
    assert Segment.objects.filter(loop_id=ticket.pk).count() == 2
    assert is_as_the_journal_says(ticket)


@pytest.mark.django_db(transaction=True)
def test_a_slab_is_marked_stale_once_and_again_after_it_was_computed(cast: Cast) -> None:
    ticket = quick_loop(cast, seen=hours(0), lengths=[HOUR] * 9)
    project()
    versions = [Slab.objects.get().version]
    for hour in (20, 30):
        say(told.TicketFixOffered(release_id=1, channel="fleet", version="1"), ticket, hour)
        project()
        versions.append(Slab.objects.get().version)
    assert refresh_loops() == 1
    say(told.TicketReopened(reason="-"), ticket, 40)
    project()
    versions.append(Slab.objects.get().version)
    assert versions == [1, 1, 1, 2]
    assert Slab.objects.get().computed == 1


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_changes_no_figure_leaves_the_roll_ups_as_they_are(cast: Cast) -> None:
    ticket = quick_loop(cast, seen=hours(0), lengths=[HOUR] * 9)
    project()
    assert refresh_loops() == 1
    before = list(Span.objects.values()), list(Slab.objects.values()), _place(ticket)
    say(told.TicketFixOffered(release_id=1, channel="fleet", version="1"), ticket, 20)
    project()
    assert is_as_the_journal_says(ticket)
    assert Loop.objects.get(pk=ticket.pk).recorded_to == hours(20)
    assert (list(Span.objects.values()), list(Slab.objects.values()), _place(ticket)) == before


@pytest.mark.django_db(transaction=True)
def test_work_that_only_moves_to_another_stage_is_seen_by_the_roll_ups(cast: Cast) -> None:
    """Every figure of the row stays as it was, but not what was active in which stage."""
    ticket = whole_loop(cast)
    task = Task.objects.get()
    (opened,) = Entry.objects.filter(kind="task.moved", data__to_stage="design").values_list("occurred_at", flat=True)
    (built,) = Entry.objects.filter(kind="task.moved", data__to_stage="test").values_list("occurred_at", flat=True)

    def assigned(who: int | None, at: datetime) -> None:
        with clock.at(hours(9000)), transaction.atomic():
            record(worked.TaskAssigned(assignee_id=who, team_id=None), subject=task, actor=SYSTEM, occurred_at=at)

    assigned(None, opened + timedelta(hours=1))
    assigned(1, opened + timedelta(hours=2))
    project()
    assert refresh_loops() == 1
    before: dict[str, Any] = dict(Loop.objects.values().get(pk=ticket.pk))
    second = timedelta(seconds=1)
    assigned(1, opened + timedelta(hours=1) + second)
    assigned(None, built - timedelta(hours=1))
    assigned(1, built - second)
    project()
    assert is_as_the_journal_says(ticket)
    after: dict[str, Any] = dict(Loop.objects.values().get(pk=ticket.pk))
    assert {name for name in after if after[name] != before[name]} == {"last_entry_id"}
    assert Slab.objects.get().version == 2


@pytest.mark.django_db(transaction=True)
def test_a_change_while_a_slab_is_computed_makes_it_stale_again(cast: Cast) -> None:
    """It was stale already, but who computes it has read the loops before."""
    ticket = quick_loop(cast, seen=hours(0), lengths=[HOUR] * 9)
    project()
    say(told.TicketReopened(reason="-"), ticket, 40)

    def change() -> None:
        project_tickets(ticket_ids=[ticket.pk])
        connections.close_all()

    with session() as computing:
        computing.execute("SELECT version FROM cycles_slab FOR UPDATE")
        changing = threading.Thread(target=change)
        changing.start()
        deadline = time.monotonic() + 20
        with connection.cursor() as cursor:
            while time.monotonic() < deadline:
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                if cursor.fetchone()[0]:
                    break
                time.sleep(0.01)
        computing.execute("UPDATE cycles_slab SET computed = version")
        computing.commit()
    changing.join(20)
    slab = Slab.objects.get()
    assert (slab.computed, slab.version) == (1, 2)


def _verdict(outcome: str) -> dict[str, Any]:
    return {"verdict_id": 1, "release_id": 1, "hardware_id": None, "outcome": outcome, "pass_number": 1}

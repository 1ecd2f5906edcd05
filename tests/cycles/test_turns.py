"""Whoever computes a ticket waits for whoever computes it too, and nobody's turn lasts longer than the work."""

from __future__ import annotations

import threading
import time
from contextlib import nullcontext
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, connections, transaction

from foundation.journal.models import Entry
from frontline_feedback import kinds as told
from rnd.cycles.actions import project_entries, project_tickets
from rnd.cycles.facts.lean.clock import wind
from rnd.cycles.facts.turns import BLOCK, TICKETS, given_back
from rnd.cycles.models import Loop
from rnd.engineering.models import Task
from tests.cast import Cast
from tests.cycles.facts import facts, is_as_the_journal_says
from tests.cycles.world import moved, project, say, whole_loop
from tests.journal.conftest import session

pytestmark = pytest.mark.django_db(transaction=True)

_LOCKS = """
    SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database
    WHERE d.datname = current_database() AND locktype = 'advisory' AND classid = CAST(%s AS int)::oid AND
"""
_HELD, _WAITED_FOR = f"{_LOCKS} granted", f"{_LOCKS} NOT granted"


def count(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, [TICKETS.kind])
        return int(cursor.fetchone()[0])


def follow() -> int:
    """Bring the facts up to date with the newest entry, and see that the turn is over."""
    changed = project_entries(entries=[Entry.objects.latest("id")])
    assert count(_HELD) == 0
    return changed


def test_a_turn_ends_with_the_work_whatever_there_is_to_write(cast: Cast) -> None:
    ticket, other = whole_loop(cast, verdict=None), whole_loop(cast, start=3, verdict=None)
    assert project_tickets(ticket_ids=[ticket.pk, other.pk]) == 2  # two loops come in a transaction
    assert count(_HELD) == 0
    say(told.TicketReopened(reason="-"), ticket, 50)
    assert follow() == 1
    assert follow() == 0, "nothing is new"
    say(told.TicketAccepted(), ticket, 55)
    assert follow() == 1, "nothing but how far it was read"
    lonely = Task.objects.latest("id")
    lonely.ticket_links.all().delete()
    say(moved("build"), lonely, 60)
    assert follow() == 0, "a task of no ticket"
    assert project_tickets(ticket_ids=[10**9]) == 0, "no such ticket"
    assert count(_HELD) == 0
    assert is_as_the_journal_says(ticket)


def test_a_turn_ends_where_reading_or_computing_fails(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = whole_loop(cast, verdict=None)
    say(told.TicketReopened(reason="-"), ticket, 50)

    def fails(*_args: Any) -> Any:
        assert count(_HELD) == 1
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr("rnd.cycles.facts.lean.few.wind", fails)
        with pytest.raises(ZeroDivisionError):
            follow()
    assert count(_HELD) == 0
    assert follow() == 1
    assert is_as_the_journal_says(ticket)


def test_a_lock_that_is_not_to_be_had_leaves_none_behind(cast: Cast) -> None:
    ticket = whole_loop(cast, verdict=None)
    with session() as other, connection.cursor() as cursor:
        other.execute("SELECT pg_advisory_xact_lock(%s, %s)", [TICKETS.kind, ticket.pk // BLOCK + 1])
        cursor.execute("SET lock_timeout = '50ms'")
        try:
            with pytest.raises(OperationalError, match="lock timeout"):
                project_tickets(ticket_ids=[ticket.pk, ticket.pk + BLOCK])
            assert count(_HELD) == 1, "the other one's"
        finally:
            cursor.execute("RESET lock_timeout")
    assert project_tickets(ticket_ids=[ticket.pk]) == 1


def test_a_turn_ends_with_its_session(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = whole_loop(cast, verdict=None)

    def lost(*args: Any) -> Any:
        with session() as other:
            other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        return wind(*args)

    with monkeypatch.context() as patched:
        patched.setattr("rnd.cycles.facts.lean.few.wind", lost)
        with pytest.raises(OperationalError):
            project_tickets(ticket_ids=[ticket.pk])
    connection.close()
    assert project_tickets(ticket_ids=[ticket.pk]) == 1
    assert count(_HELD) == 0


@pytest.mark.parametrize("in_transaction", [False, True])
def test_who_reads_later_writes_later(cast: Cast, monkeypatch: pytest.MonkeyPatch, *, in_transaction: bool) -> None:
    """An entry comes between reading and writing, and another process that knows of it: it has to wait."""
    ticket = whole_loop(cast, verdict=None)
    project()
    say(told.TicketReopened(reason="-"), ticket, 50)

    def come_later() -> None:
        try:
            say(told.TicketAccepted(), ticket, 60)
            project_tickets(ticket_ids=[ticket.pk])
        finally:
            connections.close_all()

    later = threading.Thread(target=come_later)

    def slowly(*args: Any) -> Any:
        if threading.current_thread() is not later:
            later.start()
            deadline = time.monotonic() + 20
            while not count(_WAITED_FOR):
                assert time.monotonic() < deadline
                time.sleep(0.002)
        return wind(*args)

    monkeypatch.setattr("rnd.cycles.facts.lean.few.wind", slowly)
    with transaction.atomic() if in_transaction else nullcontext():
        assert project_tickets(ticket_ids=[ticket.pk]) == 1
    later.join(20)
    monkeypatch.undo()
    assert count(_HELD) == 0
    assert Loop.objects.get(pk=ticket.pk).last_entry_id == Entry.objects.latest("id").pk
    assert is_as_the_journal_says(ticket)


def test_the_next_turn_begins_when_the_last_one_is_committed() -> None:
    with session() as one, session() as other:
        other.autocommit = True

        def taken() -> bool:
            row = other.execute("SELECT pg_try_advisory_xact_lock(%s, 7)", [TICKETS.kind]).fetchone()
            return bool(row and row[0])

        one.execute("SELECT pg_advisory_lock(%s, 7)", [TICKETS.kind])
        one.commit()
        assert not taken()
        row = one.execute(f"SELECT {given_back(TICKETS.kind, 'ARRAY[7]')}").fetchone()
        assert row == (True,)
        assert not taken(), "it is written, and not committed yet"
        one.commit()
        assert taken()


def test_a_turn_that_is_not_the_session_s_is_not_given_back() -> None:
    with session() as one, session() as other:
        other.execute("SELECT pg_advisory_lock(%s, 7)", [TICKETS.kind])
        query: Any = f"SELECT {given_back(TICKETS.kind, 'ARRAY[7]')}"
        assert one.execute(query).fetchone() == (None,)


def test_a_worker_that_dies_before_its_place_is_kept_does_nothing_twice(cast: Cast) -> None:
    """The facts are written, and then all is read again: the roll-ups count nothing a second time."""
    ticket = whole_loop(cast)
    project()
    say(told.TicketReopened(reason="-"), ticket, 50)
    assert follow() == 1
    before = facts()
    project()
    assert facts() == before
    assert is_as_the_journal_says(ticket)


def test_locks_that_cannot_be_given_back_end_with_the_session(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = whole_loop(cast, verdict=None)
    was = psycopg.Cursor.execute

    def refuses(self: Any, query: Any, *args: Any, **options: Any) -> Any:
        if "pg_advisory_unlock" in str(query):
            raise psycopg.errors.QueryCanceled("canceling statement due to statement timeout")
        return was(self, query, *args, **options)

    with monkeypatch.context() as patched:
        patched.setattr(psycopg.Cursor, "execute", refuses)
        patched.setattr("rnd.cycles.facts.lean.few.wind", lambda *_args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            project_tickets(ticket_ids=[ticket.pk])
        assert connection.connection is None
    assert count(_HELD) == 0
    assert project_tickets(ticket_ids=[ticket.pk]) == 1

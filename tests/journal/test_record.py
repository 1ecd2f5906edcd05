"""Writing: one INSERT, inside the transaction of the change."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from foundation.accounts.actors import SYSTEM, Actor
from foundation.journal import record
from foundation.journal.kinds import WrongPayload
from foundation.journal.models import Entry
from foundation.kit import clock
from foundation.kit.transactions import TransactionRequired
from tests.journal.things import LAMP, Thing, ThingMoved, ThingNoted, note

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
OLENA = Actor(kind="user", id=4711, name="Olena")


def test_an_entry_says_who_when_and_what() -> None:
    with clock.at(NOON), transaction.atomic():
        written = record(
            ThingMoved(to="shelf"), subject=LAMP, actor=OLENA, occurred_at=NOON - timedelta(hours=3), team_id=5
        )
    entry = Entry.objects.get(id=written.id)
    assert (entry.kind, entry.subject) == ("thing.moved", ("thing", 1))
    assert (entry.actor_kind, entry.actor_id, entry.actor_name, entry.team_id) == ("user", 4711, "Olena", 5)
    assert (entry.occurred_at, entry.recorded_at) == (NOON - timedelta(hours=3), NOON)
    assert entry.payload == ThingMoved(to="shelf")
    assert entry.xid == written.xid > 0


def test_it_happened_now_unless_someone_says_otherwise() -> None:
    with clock.at(NOON):
        entry = note()
    assert entry.occurred_at == entry.recorded_at == NOON


def test_a_claim_from_a_clock_that_runs_ahead_is_kept_as_claimed() -> None:
    with clock.at(NOON):
        entry = note(occurred_at=NOON + timedelta(days=2))
    assert Entry.objects.get(id=entry.id).occurred_at == NOON + timedelta(days=2)


def test_recording_costs_one_insert(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with transaction.atomic(), django_assert_num_queries(1):
        record(ThingNoted(), subject=LAMP, actor=SYSTEM)


def test_outside_a_transaction_nothing_is_recorded() -> None:
    with pytest.raises(TransactionRequired):
        record(ThingNoted(), subject=LAMP, actor=SYSTEM)
    assert not Entry.objects.exists()


def test_the_entry_is_lost_with_the_change_it_tells() -> None:
    with transaction.atomic():
        record(ThingNoted(), subject=LAMP, actor=SYSTEM)
        transaction.set_rollback(True)
    assert not Entry.objects.exists()


def test_all_entries_of_a_transaction_carry_its_number_even_inside_savepoints() -> None:
    with transaction.atomic():
        first = record(ThingNoted(), subject=LAMP, actor=SYSTEM)
        with transaction.atomic():
            second = record(ThingNoted(), subject=LAMP, actor=SYSTEM)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text")
            number = int(cursor.fetchone()[0])
    assert first.xid == second.xid == number


def test_what_cannot_be_right_is_refused() -> None:
    with transaction.atomic():
        with pytest.raises(WrongPayload):
            record({"to": "shelf"}, subject=LAMP, actor=SYSTEM)  # type: ignore[arg-type]  # what is refused
        with pytest.raises(ValueError, match="no time zone"):
            record(ThingNoted(), subject=LAMP, actor=SYSTEM, occurred_at=datetime(2026, 3, 1))
        with pytest.raises(ValueError, match="not saved"):
            record(ThingNoted(), subject=Thing(None), actor=SYSTEM)  # type: ignore[arg-type]  # what is refused
    assert not Entry.objects.exists()

"""Reading the journal: in order, each entry once, nothing skipped."""

from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from foundation.journal import positions, registry, rounds, running
from foundation.journal.checks import consumers_wait_for_declared_kinds
from foundation.journal.consumers import ConsumerFailed, drain, run_all
from foundation.journal.models import Cursor, Entry, Parked
from foundation.journal.rounds import StillWaiting
from tests.journal.conftest import Listen
from tests.journal.things import LAMP, RADIO, ROTOR, move, note, note_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_consumer_is_given_each_entry_once_and_in_order(listen: Listen) -> None:
    seen: list[int] = []
    listen("test.all")(lambda entry: seen.append(entry.id))
    written = [note(LAMP, str(number)).id for number in range(5)]
    drain()
    written.append(note(RADIO).id)
    drain()
    drain()
    assert seen == written


def test_a_consumer_is_given_only_the_kinds_it_asks_for(listen: Listen) -> None:
    seen: list[int] = []
    listen("test.moves", kinds=["thing.moved"])(lambda entry: seen.append(entry.id))
    note(LAMP)
    moved = move(LAMP, "shelf")
    note(LAMP)
    drain()
    assert seen == [moved.id]


def test_a_consumer_runs_only_when_something_of_its_kinds_came(listen: Listen, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    listen("test.moves", kinds=["thing.moved"])(lambda entry: seen.append(entry.id))
    first = move(LAMP, "shelf")
    drain()
    note(LAMP)
    assert "test.moves" not in run_all().outcomes
    second = move(LAMP, "table")
    assert "test.moves" in run_all().outcomes
    assert seen == [first.id, second.id]
    # Its place follows once in a while, so that it never has a long way to look through.
    monkeypatch.setattr(rounds, "PASSED_OVER", 1)
    monkeypatch.setattr(running, "PASSED_OVER", 1)
    note(LAMP)
    run_all()
    assert not Entry.objects.filter(xid__gte=Cursor.objects.get(consumer="test.moves").window_from).exists()


def test_a_new_consumer_begins_before_whoever_still_writes(
    listen: Listen, other_session: psycopg.Connection[Any]
) -> None:
    seen: list[int] = []
    first = note_in(other_session)
    second = note()
    listen("test.new")(lambda entry: seen.append(entry.id))
    run_all()
    assert Cursor.objects.filter(consumer="test.new").exists()
    assert seen == []
    other_session.commit()
    drain()
    assert seen == [first, second.id]


def test_new_consumers_do_nothing_and_ask_little_where_nothing_came(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(8):
        assert not run_all().outcomes
    assert Cursor.objects.count() == len(registry.registered())


def test_a_consumer_may_start_now(listen: Listen) -> None:
    seen: list[int] = []
    note()
    listen("test.news", start="now")(lambda entry: seen.append(entry.id))
    drain()
    news = note()
    drain()
    assert seen == [news.id]


def test_a_batch_consumer_is_given_lists_of_at_most_its_size(listen: Listen) -> None:
    batches: list[list[int]] = []
    listen("test.batches", batch=3)(lambda entries: batches.append([entry.id for entry in entries]))
    written = [note().id for _ in range(7)]
    drain()
    assert batches == [written[:3], written[3:6], written[6:]]


def test_the_order_holds_over_many_chunks(listen: Listen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foundation.journal.positions.unread.__defaults__", (None, 4))
    seen: list[int] = []
    listen("test.chunks", batch=3)(lambda entries: seen.extend(entry.id for entry in entries))
    written = [note().id for _ in range(19)]
    drain()
    assert seen == written


def test_what_a_handler_writes_and_its_place_commit_together(listen: Listen) -> None:
    def handle(entry: Entry) -> None:
        if entry.kind == "thing.moved":
            note(RADIO, "moved")

    listen("test.reacts", kinds=["thing.moved"])(handle)
    move(LAMP, "shelf")
    drain()
    assert list(Entry.objects.order_by("id").values_list("kind", flat=True)) == ["thing.moved", "thing.noted"]
    assert Cursor.objects.get(consumer="test.reacts").handled == 1


def test_a_lower_id_that_commits_later_is_not_skipped(listen: Listen, other_session: psycopg.Connection[Any]) -> None:
    seen: list[int] = []
    listen("test.all")(lambda entry: seen.append(entry.id))
    before = note().id
    slow = note_in(other_session)
    quick = note().id
    run_all()
    assert slow < quick
    assert seen == [before], "the quick one must wait for the slow one"
    other_session.commit()
    drain()
    assert seen == [before, slow, quick]


def test_a_lower_transaction_number_that_records_later_is_read_later(
    listen: Listen, other_session: psycopg.Connection[Any]
) -> None:
    """The second may have waited for a row that the first had locked: it knows of the first."""
    seen: list[int] = []
    listen("test.all")(lambda entry: seen.append(entry.id))
    other_session.execute("SELECT pg_current_xact_id()")
    first = note()
    run_all()
    second = note_in(other_session)
    other_session.commit()
    drain()
    assert seen == [first.id, second]
    assert first.xid > Entry.objects.get(id=second).xid


def test_what_is_rolled_back_is_never_seen(listen: Listen, other_session: psycopg.Connection[Any]) -> None:
    seen: list[int] = []
    listen("test.all")(lambda entry: seen.append(entry.id))
    note_in(other_session)
    kept = note()
    other_session.rollback()
    drain()
    assert seen == [kept.id]


def test_draining_waits_for_open_transactions_and_names_the_one_it_gave_up_on(
    listen: Listen, other_session: psycopg.Connection[Any]
) -> None:
    listen("test.all")(lambda entry: None)
    note_in(other_session)
    note()
    with pytest.raises(StillWaiting, match=f"process {other_session.info.backend_pid}"):
        drain(patience=0.05)


def test_consumers_do_not_run_inside_a_transaction() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="outside of transactions"):
        drain()


def test_a_strict_drain_raises_what_a_handler_raised(listen: Listen) -> None:
    def handle(entry: Entry) -> None:
        raise ZeroDivisionError

    listen("test.fails")(handle)
    note()
    with pytest.raises(ConsumerFailed, match=r"test\.fails") as caught:
        drain()
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert Parked.objects.get().consumer == "test.fails"


def test_a_consumer_that_halts_goes_on_where_it_stopped(listen: Listen) -> None:
    seen: list[int] = []
    broken = [True]

    def handle(entries: list[Entry]) -> None:
        if broken[0] and any(entry.subject_id == ROTOR.pk for entry in entries):
            raise ZeroDivisionError
        seen.extend(entry.id for entry in entries)

    listen("test.halts", batch=1, on_failure="halt")(handle)
    written = [note(thing).id for thing in (LAMP, ROTOR, RADIO)]
    drain(strict=False)
    cursor = Cursor.objects.get(consumer="test.halts")
    assert (seen, cursor.attempts) == (written[:1], 1)
    assert "ZeroDivisionError" in cursor.error
    broken[0] = False
    drain()
    assert seen == written[:1], "it waits for its time"
    Cursor.objects.update(retry_at=None)
    drain()
    assert seen == written
    cursor.refresh_from_db()
    assert (cursor.attempts, cursor.error) == (0, "")


def test_one_name_is_one_consumer(listen: Listen) -> None:
    listen("test.all")(lambda entry: None)
    with pytest.raises(ValueError, match="declared twice"):
        registry.consumer("test.all")(print)


def test_a_consumer_of_an_undeclared_kind_fails_the_start_up_check(listen: Listen) -> None:
    listen("test.typo", kinds=["thing.movde"])(lambda entry: None)
    assert [error.id for error in consumers_wait_for_declared_kinds(None)] == ["journal.E001"]


def test_a_run_that_lost_its_place_does_nothing(listen: Listen) -> None:
    """The second fence, for when a session and its lock are gone and the process does not know it yet."""
    seen: list[int] = []
    listen("test.fenced")(lambda entry: seen.append(entry.id))
    first = note()
    drain()
    note()
    consumer = registry.named("test.fenced")
    late = running._Run(consumer, below=positions.horizon(), until=float("inf"))
    drain()
    with pytest.raises(running.CursorMoved):
        late.go()
    assert len(seen) == 2
    assert seen[0] == first.id


def test_a_repeatable_consumer_works_outside_of_a_transaction_and_its_place_follows(listen: Listen) -> None:
    found: list[tuple[bool, int]] = []

    def handle(entry: Entry) -> None:
        found.append((connection.in_atomic_block, Cursor.objects.get(consumer="test.repeats").handled))

    listen("test.repeats", repeatable=True)(handle)
    note()
    note()
    drain()
    assert found == [(False, 0), (False, 1)]


def test_a_repeatable_run_that_lost_its_place_does_again_what_changes_nothing(listen: Listen) -> None:
    seen: list[int] = []
    listen("test.repeats", repeatable=True)(lambda entry: seen.append(entry.id))
    drain()
    written = note()
    late = running._Run(registry.named("test.repeats"), below=positions.horizon(), until=float("inf"))
    drain()
    place = positions.of(Cursor.objects.get(consumer="test.repeats"))
    with pytest.raises(running.CursorMoved):
        late.go()
    assert seen == [written.id, written.id]
    assert positions.of(Cursor.objects.get(consumer="test.repeats")) == place

"""What cannot be handled is set aside, and holds up its own subject only."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, OperationalError, connection
from psycopg.errors import DeadlockDetected

from foundation.journal import parking
from foundation.journal.consumers import drain
from foundation.journal.models import Cursor, Entry, Parked
from foundation.kit import clock
from tests.journal.conftest import Listen
from tests.journal.things import LAMP, RADIO, ROTOR, note

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Fragile:
    """Handles what it can: entries whose text is in `breaks_on` fail."""

    def __init__(self) -> None:
        self.done: list[int] = []
        self.tried: dict[int, int] = defaultdict(int)
        self.breaks_on = {"bad"}

    def __call__(self, entry: Entry) -> None:
        self.tried[entry.id] += 1
        if entry.data["text"] in self.breaks_on:
            raise RuntimeError(f"cannot read \x00 {entry.data['text']}")
        self.done.append(entry.id)

    def batch(self, entries: list[Entry]) -> None:
        for entry in entries:
            self(entry)


@pytest.fixture(params=[False, True], ids=["once", "repeatable"])
def repeatable(request: pytest.FixtureRequest) -> bool:
    """Tell whether the consumer works in the transaction of its place, or before it."""
    return bool(request.param)


@pytest.fixture
def fragile(listen: Listen, *, repeatable: bool) -> Fragile:
    handler = Fragile()
    listen("test.fragile", repeatable=repeatable)(handler.__call__)
    return handler


def test_a_failing_entry_holds_up_its_own_subject_only(fragile: Fragile) -> None:
    first, bad = note(LAMP, "good"), note(LAMP, "bad")
    behind, other = note(LAMP, "good"), note(RADIO, "good")
    drain(strict=False)
    later = note(LAMP, "good")
    another = note(RADIO, "good")
    drain(strict=False)
    assert fragile.done == [first.id, other.id, another.id]
    assert list(Parked.objects.order_by("id").values_list("entry_id", flat=True)) == [bad.id, behind.id, later.id]
    head = Parked.objects.get(entry_id=bad.id)
    assert head.attempts == 1
    assert "RuntimeError: cannot read \\x00 bad" in head.error


def test_it_is_tried_again_with_growing_pauses_and_then_waits_for_a_person(fragile: Fragile) -> None:
    with clock.at(NOON):
        bad = note(LAMP, "bad")
        drain(strict=False)
    at, pauses = NOON, []
    while (retry_at := Parked.objects.get().retry_at) is not None:
        with clock.at(retry_at - timedelta(milliseconds=1)):
            drain(strict=False)  # too early
        with clock.at(retry_at):
            drain(strict=False)
        pauses.append((retry_at - at).total_seconds())
        at = retry_at
    assert pauses == [5, 20, 80, 320, 1280, 5120]
    assert fragile.tried[bad.id] == 1 + len(pauses)
    with clock.at(NOON + timedelta(days=30)):
        drain(strict=False)
    assert fragile.tried[bad.id] == 1 + len(pauses)


def test_once_it_works_what_waited_behind_it_follows_in_order(fragile: Fragile) -> None:
    with clock.at(NOON):
        written = [note(LAMP, text).id for text in ("bad", "good", "bad", "good")]
        drain(strict=False)
    fragile.breaks_on = set()
    with clock.at(NOON + timedelta(seconds=5)):
        drain()
        written.append(note(LAMP, "good").id)
        drain()
    assert fragile.done == written
    assert not Parked.objects.exists()
    assert Cursor.objects.get(consumer="test.fragile").handled == len(written)


def test_the_second_bad_one_becomes_the_head_when_the_first_is_through(fragile: Fragile) -> None:
    fragile.breaks_on = {"bad", "worse"}
    with clock.at(NOON):
        bad, worse, good = (note(LAMP, text).id for text in ("bad", "worse", "good"))
        drain(strict=False)
    fragile.breaks_on = {"worse"}
    with clock.at(NOON + timedelta(seconds=5)):
        drain(strict=False)
    assert fragile.done == [bad]
    assert list(Parked.objects.order_by("id").values_list("entry_id", "attempts")) == [(worse, 1), (good, 0)]


def test_in_a_batch_only_the_bad_entry_is_parked(listen: Listen, *, repeatable: bool) -> None:
    fragile = Fragile()
    listen("test.fragile", batch=10, repeatable=repeatable)(fragile.batch)
    good = [note(LAMP, "good").id, note(RADIO, "good").id]
    bad = note(ROTOR, "bad").id
    behind = note(ROTOR, "good").id
    good.append(note(RADIO, "good").id)
    drain(strict=False)
    assert list(Parked.objects.order_by("id").values_list("entry_id", flat=True)) == [bad, behind]
    assert [entry for entry in fragile.done if entry not in good] == []
    after = note(RADIO, "good").id
    drain()
    assert fragile.done[-1] == after


def test_what_a_failing_handler_wrote_is_rolled_back(listen: Listen) -> None:
    def handle(entry: Entry) -> None:
        if entry.subject_id == LAMP.pk:
            note(RADIO)
            raise ZeroDivisionError

    listen("test.halfway")(handle)
    note(LAMP)
    drain(strict=False)
    assert Entry.objects.count() == 1


def test_a_handler_that_swallows_a_database_error_is_a_failure(listen: Listen) -> None:
    def handle(entry: Entry) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM journal_entry")
        except IntegrityError:
            pass

    listen("test.swallows")(handle)
    note(LAMP)
    drain(strict=False)
    assert "SwallowedDatabaseError" in Parked.objects.get().error


def test_a_deadlock_is_nobody_s_fault_and_tried_again_at_once(listen: Listen, *, repeatable: bool) -> None:
    tries: list[int] = []

    def handle(entry: Entry) -> None:
        tries.append(entry.id)
        if len(tries) < 3:
            raise OperationalError from DeadlockDetected("deadlock detected")

    listen("test.deadlock", repeatable=repeatable)(handle)
    note()
    drain()
    assert len(tries) == 3
    assert not Parked.objects.exists()


def test_the_time_of_the_next_try_is_none_after_the_last() -> None:
    assert parking.next_try(len(parking.BACKOFF)) is not None
    assert parking.next_try(len(parking.BACKOFF) + 1) is None

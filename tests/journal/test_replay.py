"""A projection built anew from the journal equals the one that grew with it."""

import json
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from foundation.journal import registry, replaying, running
from foundation.journal.consumers import drain
from foundation.journal.models import Cursor, Entry, Parked
from tests.journal.conftest import Listen
from tests.journal.things import LAMP, RADIO, ROTOR, move, note

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tally(listen: Listen) -> Iterator[None]:
    """A projection that is not idempotent by itself: it counts. What is done twice shows."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE test_tally (subject_id bigint PRIMARY KEY, entries bigint, last_id bigint)")

    def count(entries: list[Entry]) -> None:
        for entry in entries:
            if entry.data.get("text") == "bad":
                raise RuntimeError("bad")
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO test_tally VALUES (%s, 1, %s) ON CONFLICT (subject_id) DO UPDATE SET "
                    "entries = test_tally.entries + 1, last_id = EXCLUDED.last_id",
                    [entry.subject_id, entry.id],
                )

    def empty() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM test_tally")

    listen("test.tally", batch=3, reset=empty)(count)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE test_tally")


def tallied() -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM test_tally ORDER BY subject_id")
        return list(cursor.fetchall())


def replay(*arguments: str) -> str:
    out = StringIO()
    call_command("replay", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.mark.usefixtures("tally")
def test_rebuilt_equals_incremental() -> None:
    for thing in (LAMP, RADIO, LAMP, ROTOR, LAMP):
        note(thing)
        drain()
    move(RADIO, "shelf")
    drain()
    grown = tallied()
    assert grown
    assert json.loads(replay("test.tally", "--json")) == {
        "consumer": "test.tally",
        "handled": 6,
        "parked": 0,
        "busy": False,
    }
    assert tallied() == grown
    note(LAMP)
    drain()
    assert {row[0]: row[1] for row in tallied()} == {1: 4, 2: 2, 3: 1}


@pytest.mark.usefixtures("tally")
def test_an_interrupted_replay_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(10):
        note(LAMP)
    drain()
    grown = tallied()
    consumer = replaying.start("test.tally")
    assert tallied() == []
    attempt = running._Run._attempt
    calls = iter(range(2))

    def interrupted(self: running._Run, *args: object) -> None:
        if next(calls, None) is None:
            raise KeyboardInterrupt
        attempt(self, *args)  # type: ignore[arg-type]  # whatever the method takes

    with monkeypatch.context() as patch:
        patch.setattr(running._Run, "_attempt", interrupted)
        with pytest.raises(KeyboardInterrupt):
            replaying.go_on(consumer)
    assert [row[1] for row in tallied()] == [6]
    assert "4 entries" in replay("test.tally", "--resume")
    assert tallied() == grown


@pytest.mark.usefixtures("tally")
def test_what_was_parked_is_tried_again_by_a_replay() -> None:
    note(LAMP, "bad")
    note(LAMP)
    drain(strict=False)
    assert Parked.objects.count() == 2
    assert "1 parked" in replay("test.tally")
    assert Parked.objects.count() == 2


def test_a_consumer_that_acts_on_the_world_cannot_be_replayed(listen: Listen) -> None:
    listen("test.mail")(lambda entry: None)
    with pytest.raises(CommandError, match="declares no reset"):
        replay("test.mail")
    with pytest.raises(CommandError, match=r"There is no consumer 'test\.nobody'"):
        replay("test.nobody")


@pytest.mark.usefixtures("tally")
def test_a_consumer_that_another_process_runs_is_left_alone(other_session: object) -> None:
    note(LAMP)
    drain()
    number = running.lock_of(registry.named("test.tally"))
    other_session.execute("SELECT pg_advisory_lock(%s)", [number])  # type: ignore[attr-defined]  # a psycopg connection
    with pytest.raises(CommandError, match="Another process"):
        replay("test.tally")
    assert Cursor.objects.get(consumer="test.tally").handled == 1

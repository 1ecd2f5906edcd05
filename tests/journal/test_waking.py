"""Wake-ups: one for a transaction, never in a request's way, and nothing lost without them."""

import logging
import threading
import time

import pytest
from django.db import transaction
from pytest_django import Settings

from foundation.accounts.actors import SYSTEM
from foundation.journal import record, tasks, waking
from tests.journal.conftest import Listen
from tests.journal.things import LAMP, ThingNoted, note

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Counts the wake-ups instead of sending them."""
    calls: list[str] = []
    monkeypatch.setattr(waking._Waker, "ask", lambda self: calls.append("wake"))
    return calls


@pytest.fixture(autouse=True)
def _awake(settings: Settings) -> None:
    settings.JOURNAL_WAKE = True


def write() -> None:
    record(ThingNoted(), subject=LAMP, actor=SYSTEM)


def test_a_transaction_wakes_once_and_only_when_it_commits(asked: list[str]) -> None:
    with transaction.atomic():
        write()
        write()
        with transaction.atomic():
            write()
        assert asked == []
    assert asked == ["wake"]


def test_what_is_rolled_back_wakes_nobody(asked: list[str]) -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert asked == []


def test_a_rolled_back_savepoint_does_not_take_the_wake_up_of_others_with_it(asked: list[str]) -> None:
    with transaction.atomic():
        with transaction.atomic():
            write()
            transaction.set_rollback(True)
        write()
    with transaction.atomic():
        write()
        with transaction.atomic():
            write()
            transaction.set_rollback(True)
    assert asked == ["wake", "wake"]


def test_it_can_be_switched_off(asked: list[str], settings: Settings) -> None:
    settings.JOURNAL_WAKE = False
    note()
    assert asked == []


def test_many_commits_become_few_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = threading.Event()
    messages: list[float] = []

    def send() -> None:
        messages.append(time.monotonic())
        sent.set()

    monkeypatch.setattr(waking, "send", send)
    monkeypatch.setattr(waking, "_waker", waking._Waker())
    for _ in range(50):
        waking.wake()
    assert sent.wait(5)
    time.sleep(0.1)
    assert len(messages) <= 2


def test_a_broker_that_is_down_neither_fails_nor_delays_the_request(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, listen: Listen
) -> None:
    from rnd.celery import app

    seen: list[int] = []
    listen("test.all")(lambda entry: seen.append(entry.id))
    monkeypatch.setattr(waking, "_waker", waking._Waker())
    # Nobody answers at a port of the discard service on a documentation address: connecting hangs.
    with caplog.at_level(logging.WARNING, "foundation.journal.waking"), app.connection_for_write() as _closed:
        monkeypatch.setattr(app.conf, "broker_url", "redis://192.0.2.1:9/0")
        monkeypatch.setattr(waking, "send", lambda: _send_to("redis://192.0.2.1:9/0"))
        began = time.monotonic()
        written = [note().id for _ in range(20)]
        took = time.monotonic() - began
        end = time.monotonic() + 10
        while not caplog.records and time.monotonic() < end:
            time.sleep(0.02)
    assert took < 1
    assert [entry.message for entry in caplog.records if "cannot be reached" in entry.message]
    assert seen == []
    tasks.run_consumers()  # what the sweep runs once the broker is back
    assert seen == written


def _send_to(url: str) -> None:
    from rnd.celery import app

    with app.connection_for_write(url) as connection:
        tasks.run_consumers.apply_async(retry=False, connection=connection)

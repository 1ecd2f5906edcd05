"""Wake-ups: one for a transaction, never in a request's way, and nothing lost without them."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable

import pytest
from django.db import transaction
from pytest_django import Settings

from foundation.accounts.actors import SYSTEM
from foundation.journal import record, tasks, waking
from rnd.celery import app
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


@pytest.mark.parametrize("broker", ["refuses", "is silent"])
def test_a_broker_that_is_down_neither_fails_nor_delays_the_request(
    broker: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, listen: Listen
) -> None:
    seen: list[int] = []
    listen("test.all")(lambda entry: seen.append(entry.id))
    with socket.create_server(("127.0.0.1", 0)) as silent, caplog.at_level(logging.WARNING, waking.__name__):
        port = silent.getsockname()[1]
        if broker == "refuses":
            silent.close()
        monkeypatch.setattr(waking, "send", lambda: send_to(f"redis://127.0.0.1:{port}/0"))
        monkeypatch.setattr(waking, "_waker", waking._Waker())
        began = time.monotonic()
        waking.wake()
        waking.wake()
        assert time.monotonic() - began < 0.25, "asking is no more than setting a flag"
        written = [note().id for _ in range(3)]
        if broker == "refuses":
            wait_for(lambda: bool(caplog.records))
            assert "cannot be reached" in caplog.records[0].message
            assert len(caplog.records) == 1
    assert seen == []
    tasks.run_consumers()  # what the sweep runs once the broker is back
    assert seen == written


def test_after_a_fork_the_child_has_a_waker_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []
    monkeypatch.setattr(waking, "send", lambda: sent.append(os.getpid()))
    waker = waking._Waker()
    waker.ask()
    wait_for(lambda: len(sent) == 1)
    monkeypatch.setattr(os, "getpid", lambda: -1)  # as it looks in a forked child, where the thread is gone
    waker.ask()
    wait_for(lambda: -1 in sent)


def send_to(url: str) -> None:
    with app.connection_for_write(url) as connection:
        app.send_task("journal.run_consumers", retry=False, connection=connection)


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)

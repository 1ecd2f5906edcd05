"""Telling the workers that there is something to read, without ever making a request wait for the broker.

A wake-up is only a hint: the sweep (`journal.run_consumers` by beat) finds everything without it. So it is sent by
a thread of its own, several commits become one message, and a broker that is down costs one log line.
"""

import logging
import os
import threading
import time
from typing import Final

from django.conf import settings
from django.db import transaction

log = logging.getLogger(__name__)

COALESCE_SECONDS: Final = 0.02
REST_SECONDS: Final = 5.0  # after the broker did not answer; the sweep works meanwhile
EXPIRES_SECONDS: Final = 30


def wake_on_commit() -> None:
    """Wake the consumers when the surrounding transaction commits; once, however many entries it writes."""
    connection = transaction.get_connection()
    # A savepoint that is rolled back takes its own registration with it, so this list is always right.
    if not any(function is wake for _sids, function, _robust in connection.run_on_commit):
        transaction.on_commit(wake, robust=True)


def wake() -> None:
    """Ask for a run of the consumers soon; returns at once, whatever state the broker is in."""
    if settings.JOURNAL_WAKE:
        _waker.ask()


class _Waker:
    """Owns the thread that talks to the broker; made anew in a forked process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked = threading.Event()
        self._pid = 0

    def ask(self) -> None:
        if self._pid != os.getpid():
            with self._lock:
                if self._pid != os.getpid():
                    self._asked = threading.Event()
                    threading.Thread(target=self._work, name="journal-waker", daemon=True).start()
                    self._pid = os.getpid()
        self._asked.set()

    def _work(self) -> None:
        asked, down = self._asked, False
        while True:
            asked.wait()
            time.sleep(COALESCE_SECONDS)
            asked.clear()
            try:
                send()
            except Exception as error:  # noqa: BLE001 -- kombu raises its transports' own errors, which share no base class
                if not down:
                    log.warning("The broker cannot be reached (%s); the journal is read by the sweep instead.", error)
                down = True
                time.sleep(REST_SECONDS)
            else:
                if down:
                    log.warning("The broker answers again.")
                down = False


_waker: Final = _Waker()


def send() -> None:
    """Put one wake-up on the broker; raises what the broker's client raises."""
    from foundation.journal.tasks import run_consumers

    run_consumers.apply_async(retry=False, expires=EXPIRES_SECONDS)

"""A consumer with a visible effect in the database, for tests that run it in processes of their own and kill them.

`python -m tests.journal.effects MODE PAUSE` runs it, over and over, until it is killed: MODE is "single" or "batch",
PAUSE the seconds that it spends inside a handler after its effect.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from django.db import connection

NAME = "test.effects"


def handle_slowly(pause: float) -> Any:
    """Give a handler that leaves a row for each entry, and then dawdles inside its transaction."""

    def handle(given: Any) -> None:
        entries = given if isinstance(given, list) else [given]
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO test_effect (entry_id, pid) VALUES (%s, %s)",
                [(entry.id, os.getpid()) for entry in entries],
            )
        time.sleep(pause)

    return handle


def declare(mode: str, pause: float) -> None:
    from foundation.journal import registry

    if mode == "batch":
        registry.consumer(NAME, batch=7, kinds=["thing.noted"])(handle_slowly(pause))
    else:
        registry.consumer(NAME, kinds=["thing.noted"])(handle_slowly(pause))


@contextmanager
def effects_table() -> Iterator[None]:
    """Have the table of effects for the length of a test."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE test_effect (id bigserial PRIMARY KEY, entry_id bigint, pid int)")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE test_effect")


def effects() -> list[int]:
    """Give the entries that had their effect, in the order of the effects."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT entry_id FROM test_effect ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def processes_that_worked() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT pid) FROM test_effect")
        return int(cursor.fetchone()[0])


@contextmanager
def process(mode: str, pause: float) -> Iterator[subprocess.Popen[bytes]]:
    """Run the consumer in a process of its own, against the test's database; killed at the end."""
    to = connection.get_connection_params()
    password, host = quote(to.get("password", ""), safe=""), quote(to["host"], safe="")
    url = f"postgres://{to['user']}:{password}@{host}:{to['port']}/{to['dbname']}"
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.journal.effects", mode, str(pause)],
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "rnd.settings", "JOURNAL_WAKE": "off"},
    )
    try:
        yield child
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()


def until(count: int, seconds: float = 30) -> None:
    """Wait until at least `count` effects are committed."""
    end = time.monotonic() + seconds
    while len(effects()) < count:
        assert time.monotonic() < end, f"only {len(effects())} effects after {seconds} seconds"
        time.sleep(0.002)


def main() -> None:
    import django

    django.setup()
    from foundation.journal import positions, registry
    from foundation.journal.running import run

    declare(sys.argv[1], float(sys.argv[2]))
    while True:
        run(registry.named(NAME), below=positions.horizon())
        time.sleep(0.001)


if __name__ == "__main__":
    main()

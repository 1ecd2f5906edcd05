"""A consumer with a visible effect in the database, for tests that run it in processes of their own and kill them.

`python -m tests.journal.effects` reads what to do, line by line, and answers each with a process's number: for "start
MODE PAUSE" it begets a process that runs the consumer, over and over (MODE is "single", "batch" or "repeatable", PAUSE
the seconds that it spends inside a handler after its effect); for "kill NUMBER" that one is gone without a word. To
start Python and Django for each would take longer than all they do.
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


def handle_slowly(pause: float, *, repeatable: bool = False) -> Any:
    """Give a handler that leaves a row for each entry, and then dawdles before its place is kept."""
    unless_there = "WHERE NOT EXISTS (SELECT FROM test_effect WHERE entry_id = told.entry_id)" if repeatable else ""
    query = (
        f"INSERT INTO test_effect (entry_id, pid) SELECT * FROM (SELECT %s, %s) AS told (entry_id, pid) {unless_there}"
    )

    def handle(given: Any) -> None:
        entries = given if isinstance(given, list) else [given]
        with connection.cursor() as cursor:
            cursor.executemany(query, [(entry.id, os.getpid()) for entry in entries])
        time.sleep(pause)

    return handle


def declare(mode: str, pause: float) -> None:
    from foundation.journal import registry

    if mode == "batch":
        registry.consumer(NAME, batch=7, kinds=["thing.noted"])(handle_slowly(pause))
    else:
        repeatable = mode == "repeatable"
        handle = handle_slowly(pause, repeatable=repeatable)
        registry.consumer(NAME, kinds=["thing.noted"], repeatable=repeatable)(handle)


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


class Nursery:
    """Processes that run the consumer, each with its own connection to the test's database."""

    def __init__(self) -> None:
        to = connection.get_connection_params()
        password, host = quote(to.get("password", ""), safe=""), quote(to["host"], safe="")
        url = f"postgres://{to['user']}:{password}@{host}:{to['port']}/{to['dbname']}"
        self._parent: subprocess.Popen[str] = subprocess.Popen(
            [sys.executable, "-m", "tests.journal.effects"],
            env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "rnd.settings", "JOURNAL_WAKE": "off"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    @contextmanager
    def process(self, mode: str, pause: float) -> Iterator[None]:
        """Run the consumer in a process of its own; killed at the end."""
        number = self._asked(f"start {mode} {pause}")
        try:
            yield
        finally:
            self._asked(f"kill {number}")

    def close(self) -> None:
        self._parent.communicate()

    def _asked(self, line: str) -> str:
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        print(line, file=self._parent.stdin, flush=True)
        answer: str = self._parent.stdout.readline().strip()
        assert answer, f"the processes' parent has ended: {self._parent.wait()}"
        return answer


def until(count: int, seconds: float = 30) -> None:
    """Wait until at least `count` effects are committed."""
    end = time.monotonic() + seconds
    while len(effects()) < count:
        assert time.monotonic() < end, f"only {len(effects())} effects after {seconds} seconds"
        time.sleep(0.002)


def run_until_killed(mode: str, pause: float) -> None:
    from foundation.journal import positions, registry
    from foundation.journal.running import run

    declare(mode, pause)
    while True:
        run(registry.named(NAME), below=positions.horizon())
        time.sleep(0.001)


def main() -> None:
    import django

    django.setup()
    for line in sys.stdin:
        verb, *of = line.split()
        number = os.fork() if verb == "start" else int(of[0])
        if number == 0:
            run_until_killed(of[0], float(of[1]))
        if verb == "kill":
            os.kill(number, signal.SIGKILL)
            assert os.waitpid(number, 0)[1] == signal.SIGKILL, "it had ended by itself"
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

"""What every bench stands on: an embedded PostgreSQL with our tables, and figures beside their floors."""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from foundation.embedded.postgres import EmbeddedPostgres


@contextmanager
def database() -> Iterator[Path]:
    """Give a folder in which a migrated database runs; Django is set up and connected to it."""
    with tempfile.TemporaryDirectory() as name, EmbeddedPostgres(Path(name) / "postgres") as server:
        (Path(name) / "static").mkdir()  # the web application looks for it, and says so where it is not
        os.environ |= {
            "DATABASE_URL": server.url,
            "DJANGO_SETTINGS_MODULE": "rnd.settings",
            "FIELDLOOP_DATA": name,
            "JOURNAL_WAKE": "off",
        }
        os.environ.setdefault("LOG_LEVEL", "ERROR")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield Path(name)


def seconds(work: Callable[[], Any]) -> float:
    """Give how long one run takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def paired(ours: Callable[[], Any], floor: Callable[[], Any], *, rounds: int = 7) -> tuple[float, float]:
    """Give the medians of both in seconds, run in turn so that the machine's moods meet both alike."""
    mine, theirs = [], []
    ours()
    floor()
    for _round in range(rounds):
        mine.append(seconds(ours))
        theirs.append(seconds(floor))
    return statistics.median(mine), statistics.median(theirs)


def say(work: str, ours: str, floor: str, ratio: str) -> None:
    """Print one line of figures."""
    sys.stdout.write(f"{work:56} {ours:>16}   floor {floor:>16}   {ratio}\n")
    sys.stdout.flush()

"""A database that was migrated once, to copy: to migrate takes ten seconds, and a run needs half a dozen of them.

It is kept with pytest's cache for as long as no migration changes, and for the day: some make this month's partitions.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from foundation.embedded.environment import ROOT
from foundation.embedded.folder import FolderLock
from foundation.embedded.postgres import EmbeddedPostgres, programs

MADE_WITHIN: Final = 300.0
# Thousands of models are made anew on the way: to look for cycles among them, again and again, takes a third longer.
MIGRATE: Final = """
import gc
gc.disable()
from manage import main
import sys
sys.argv = ["manage.py", "migrate", "--verbosity=0", "--skip-checks"]
main()
"""
# What the migrations stand on besides themselves.
GROUND: Final = ("requirements.txt", "foundation/embedded/postgres.py", "foundation/journal/fields.py")


class Migrated:
    """Gives copies of a migrated cluster, which the first of a run's processes makes below `kept`."""

    def __init__(self, kept: Path) -> None:
        self.kept = kept / f"of-{os.geteuid()}"  # the files belong to whoever made them

    def copy_to(self, home: Path) -> None:
        """Make `home` what an embedded PostgreSQL left that was started, migrated and stopped."""
        self.kept.mkdir(exist_ok=True)
        lock = FolderLock(self.kept / "lock")
        assert lock.acquire(wait=MADE_WITHIN), f"Somebody holds {lock.path}."
        try:
            found = self.kept / _fingerprint()
            if not found.exists():
                self._make(found)
            home.mkdir(parents=True, exist_ok=True)
            for part in ("cluster", "password"):
                # With its owners: root's servers run as somebody else.
                subprocess.run(["cp", "-a", found / part, home / part], check=True)
        finally:
            lock.release()

    def _make(self, place: Path) -> None:
        for old in self.kept.iterdir():
            if old.is_dir():
                shutil.rmtree(old)
        unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=self.kept))
        with _StoppedInOrder(unfinished, durable=False) as server:
            env = {**os.environ, "DATABASE_URL": server.url, "FIELDLOOP_DATA": str(unfinished)}
            command = [sys.executable, "-c", MIGRATE]
            subprocess.run(command, cwd=ROOT, env=env, check=True)
        unfinished.rename(place)


class _StoppedInOrder(EmbeddedPostgres):
    """As quick as a server without fsync, and yet its files are whole when it has stopped."""

    @property
    def stop_signal(self) -> signal.Signals:
        return signal.SIGINT


def _fingerprint() -> str:
    """Name what a migrated database depends on."""
    digest = hashlib.sha256(f"{datetime.now(UTC):%Y-%m-%d} {programs()}".encode())
    for path in _files():
        digest.update(f"{path.relative_to(ROOT)} {path.stat().st_size}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    for room in ("foundation", "releases", "frontline_feedback", "rnd"):
        yield from sorted((ROOT / room).rglob("migrations/*.py"))
    yield from (ROOT / name for name in GROUND)

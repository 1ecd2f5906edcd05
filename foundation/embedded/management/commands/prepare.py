"""`manage.py prepare`: bring the database up to this version, and load the demo where it belongs.

The supervisor runs it before the web starts. Lines for people begin with "> "; everything else is for the log.
"""

import io
import json
import shutil
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from foundation.embedded import checks, demo
from foundation.kit.commands import OperatorCommand


class Command(OperatorCommand):
    help = "Migrate the database, and load the demo on the first start."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--report", type=Path, help="write the demo's sign-ins to this file, as JSON")

    def handle(self, *, report: Path | None, **options: Any) -> None:
        for check in (checks.database, checks.broker, checks.cache_answers):
            try:
                check()
            except checks.NotReady as problem:
                raise CommandError(str(problem)) from None
        loading: Path = settings.DATA_DIR / "demo-is-loading"
        if loading.exists():
            self._empty_after_interruption()
            loading.unlink()  # at once: from here on the database may be somebody's
        self._migrate()
        self._load_demo_if_wanted(loading)
        present = demo.sign_ins()
        if present:
            self._require_demo_allowed(present)
        if report is not None:
            report.write_text(json.dumps({"sign_ins": present}))

    def say(self, text: str) -> None:
        """Tell people; the supervisor shows it on the terminal."""
        self.stdout.write(f"> {text}")
        self.stdout.flush()

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if missing:
            call_command("migrate", interactive=False, verbosity=1, stdout=_Progress(self, missing))

    def _load_demo_if_wanted(self, loading: Path) -> None:
        wanted = demo.asked_for()
        first_start = not get_user_model().objects.exists()
        if wanted is None:
            wanted = settings.EMBEDDED or settings.DEBUG
        if not (wanted and first_start):
            return
        loading.touch()
        call_command("load_demo", stdout=_Relay(self))
        loading.unlink()

    def _require_demo_allowed(self, present: list[demo.SignIn]) -> None:
        try:
            demo.require_allowed()
        except demo.DemoNotAllowed as refusal:
            raise CommandError(
                f"{refusal} (This database has {len(present)} of them, {present[0].username} first.)"
            ) from None

    def _empty_after_interruption(self) -> None:
        """Start over: nobody but the unfinished demo has written yet, because the web starts after it."""
        if not settings.EMBEDDED:
            raise CommandError(
                "Loading the demo was interrupted. Empty the database, remove "
                f"{settings.DATA_DIR / 'demo-is-loading'}, and start again."
            )
        self.say("the demo was interrupted while loading; starting over with an empty database")
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        for folder in (settings.DATA_DIR / "demo", settings.GIT_MIRRORS_DIR, settings.MEDIA_ROOT):
            shutil.rmtree(folder, ignore_errors=True)


class _Relay(io.TextIOBase):
    """Gives the finished lines of another command to people."""

    def __init__(self, command: Command) -> None:
        self.command = command
        self.rest = ""

    def write(self, text: str) -> int:
        *lines, self.rest = (self.rest + text).split("\n")
        for line in lines:
            if line.strip():
                self.line(line.strip())
        return len(text)

    def line(self, line: str) -> None:
        self.command.say(line)


class _Progress(_Relay):
    """Counts the migrations that `migrate` reports."""

    def __init__(self, command: Command, missing: int) -> None:
        super().__init__(command)
        self.missing = missing
        self.done = 0
        self.told_at = 0.0

    def line(self, line: str) -> None:
        if line.startswith("Applying "):
            self.done += 1
            if self.done == self.missing or time.monotonic() - self.told_at > 3:
                self.told_at = time.monotonic()
                self.command.say(f"{self.done} of {self.missing} migrations applied")

"""`manage.py load_demo`: plays the demo's year into an empty house."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils.dateparse import parse_date

from foundation.accounts.models import User
from foundation.embedded.demo import DemoNotAllowed, require_allowed
from foundation.journal.consumers import drain
from foundation.kit import clock
from frontline_feedback.models import Ticket
from rnd.demo.year import Year


class Command(BaseCommand):
    help = "Play a year of reports, tasks, commits, releases and verdicts into an empty house."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--until", help="The last day of the year, YYYY-MM-DD; today by default.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            require_allowed()
        except DemoNotAllowed as error:
            raise CommandError(str(error)) from error
        if User.objects.exists():
            self.stdout.write(
                "There are people in this house already: the demo is for an empty one. Nothing was changed."
            )
            return
        end = self._end(options["until"])
        settings.JOURNAL_WAKE = False  # the year's own round of consumers hears everything at its own moment
        with connection.cursor() as cursor:
            # Nobody relies on a demo that is still being played: an interrupted one is begun anew.
            cursor.execute("SET synchronous_commit TO off")
        year = Year(end=end, folder=Path(settings.DATA_DIR) / "demo")
        shown = 0
        length = year.calendar.end - year.calendar.start

        def progress(now: datetime) -> None:
            nonlocal shown
            percent = int((now - year.calendar.start) / length * 100)
            if percent >= shown + 10:
                shown = percent - percent % 10
                self.stdout.write(f"The demo's year: {shown} % ({now:%B %Y})")

        year.play(progress)
        drain()
        self.stdout.write(f"The demo is loaded: {Ticket.objects.count()} tickets, up to {end:%Y-%m-%d}.")

    def _end(self, until: str | None) -> datetime:
        now = clock.now()
        if until is None:
            return now.replace(minute=0, second=0, microsecond=0)
        day = parse_date(until)
        if day is None:
            raise CommandError(f"“{until}” is no date. Write it as 2026-11-22.")
        return datetime(day.year, day.month, day.day, tzinfo=UTC)

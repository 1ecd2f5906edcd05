"""The manager's part of the demo's year: what she promises, whom she has told, and what she compares the year with."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from frontline_feedback.models import Severity
from rnd.cycles.actions import name_watchers, save_report, set_baseline, set_service_level

if TYPE_CHECKING:
    from rnd.demo.year import Year

# The days within which 85 of 100 loops are to close, by severity.
FIRST: Final = {Severity.S1: 75, Severity.S2: 75, Severity.S3: 90, Severity.S4: 120}
LATER: Final = {Severity.S1: 60}
WATCHERS: Final = ("ingrid", "kari")


class Promises:
    """What Solveig does; it takes nothing from the year's dice, so that the rest of the story stays as it is."""

    def __init__(self, year: Year) -> None:
        self.year = year
        self.manager = year.world.actors["solveig"]

    def plan(self) -> None:
        """Promise after a month of such a year, compare with its first third, and promise more towards its end."""
        calendar = self.year.calendar
        length = calendar.end - calendar.start
        for part, act in ((1 / 12, self._begin), (1 / 3, self._compare), (3 / 4, partial(self._promise, LATER))):
            calendar.plan(calendar.start + part * length, act)

    def _begin(self) -> None:
        self._promise(FIRST)
        people = [self.year.world.users[name].pk for name in WATCHERS]
        for programme in self.year.world.programmes.values():
            name_watchers(actor=self.manager, programme=programme, people=people)

    def _compare(self) -> None:
        calendar, programmes = self.year.calendar, self.year.world.programmes
        first, last = calendar.start.date(), calendar.now.date() - timedelta(days=1)
        for programme in programmes.values():
            set_baseline(actor=self.manager, programme=programme, first=first, last=last)
        save_report(
            actor=self.manager,
            report="ageing",
            query=f"programme={programmes['nordlys'].slug}",
            name="Who is about to miss a promise",
            shared=True,
            programmes=[programmes["nordlys"].pk],
        )

    def _promise(self, days: dict[Severity, int]) -> None:
        for programme in self.year.world.programmes.values():
            for severity, within in days.items():
                set_service_level(actor=self.manager, programme=programme, severity=severity, days=within)

"""What a report is narrowed to. It lives in the address, so that a link shows what its sender saw."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from rnd.cycles.querysets import LoopQuerySet

Loops = TypeVar("Loops", bound="LoopQuerySet[Any]")


# What reports count in: there is room for a zone, and for a period before as long, on both sides.
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2999


def is_countable(day: date) -> bool:
    """Tell whether reports can count with a day."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


@dataclass(frozen=True, slots=True)
class Filters:
    """Slugs and values, empty for all; `since` and `until` are whole days, both included, in `zone`.

    `by` is the length of periods (week, month or quarter), where one was chosen. The zone is the programme's, where the
    report is about one; otherwise UTC.
    """

    programme: str = ""
    component: str = ""
    platform: str = ""
    team: str = ""
    severity: str = ""
    # The numbers of a hardware revision and of the release whose verdict finished the loop, and the count of passes.
    hardware: int | None = None
    release: int | None = None
    passes: int | None = None
    since: date | None = None
    until: date | None = None
    by: str = ""
    zone: tzinfo = UTC

    def narrow(self, loops: Loops) -> Loops:
        """Keep the loops that everything but the period lets through."""
        for relation in ("programme", "component", "platform", "team"):
            if slug := getattr(self, relation):
                loops = loops.filter(**{f"{relation}__slug": slug})
        for column, wanted in self._exact().items():
            loops = loops.filter(**{column: wanted})
        return loops

    def _exact(self) -> dict[str, str | int]:
        named = {
            "severity": self.severity or None, "hardware": self.hardware, "fixed_by": self.release,
            "passes": self.passes,
        }  # fmt: skip
        return {column: wanted for column, wanted in named.items() if wanted is not None}

    @property
    def period(self) -> str:
        """Give the length of periods: months where nothing was chosen."""
        return self.by or "month"

    @property
    def of_tickets(self) -> bool:
        """Tell whether anything narrows the report that only tickets know."""
        return bool(self.platform or self.team or self._exact())

    @property
    def only_component(self) -> bool:
        """Tell whether roll-ups can answer: nothing but a programme, a component and the period narrows the report."""
        return bool(self.programme) and not self.of_tickets

    def within(self, loops: Loops, moment: str) -> Loops:
        """Keep the loops of which the column `moment` lies in the period."""
        if self.since is not None:
            loops = loops.filter(**{f"{moment}__gte": self.starts(self.since)})
        if self.until is not None:
            loops = loops.filter(**{f"{moment}__lt": self.starts(self.until + timedelta(days=1))})
        return loops

    def starts(self, day: date) -> datetime:
        """Give the moment at which a day begins in the zone."""
        return datetime.combine(day, time.min, tzinfo=self.zone)

    def but(self, **changes: Any) -> Filters:
        """Give the same filters with some changed."""
        return replace(self, **changes)

    def within_days(self, first: date, last: date) -> Filters:
        """Give the same filters for that part of the period which lies in these days."""
        return self.but(
            since=max(first, self.since) if self.since else first, until=min(last, self.until) if self.until else last
        )

    def query(self, **more: str) -> str:
        """Give them as a query string without empty parts; `more` is added."""
        given = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "zone"}
        parts = {name: str(value) for name, value in {**given, **more}.items() if value}
        return urlencode(parts)

    @property
    def any(self) -> bool:
        """Tell whether anything narrows the report."""
        return self.but(by="", zone=UTC) != Filters()

"""Seventy random loops, and what the clock says of each: what figures of reports are counted from, one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from frontline_feedback.models import Ticket
from rnd.cycles.clock.moments import from_us
from rnd.cycles.clock.way import Way
from rnd.cycles.filters import Filters
from tests.cast import Cast
from tests.cycles.world import DAY0

NOW = DAY0 + timedelta(days=400)
DAY = 86_400_000_000


@dataclass
class World:
    cast: Cast
    tickets: list[Ticket]
    ways: dict[int, Way]
    zone: ZoneInfo

    def ways_where(self, **wanted: Any) -> list[Way]:
        return [
            self.ways[t.pk] for t in self.tickets if all(getattr(t, name) == value for name, value in wanted.items())
        ]

    def finished(self, **wanted: Any) -> list[Way]:
        return [way for way in self.ways_where(**wanted) if way.finished_at is not None and not way.excluded]

    def day(self, moment: int) -> date:
        return from_us(moment).astimezone(self.zone).date()

    def filters(self, **more: Any) -> Filters:
        return Filters(programme=self.cast.programme.slug, zone=self.zone, **more)

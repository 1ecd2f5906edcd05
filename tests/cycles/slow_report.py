"""The report once more, as plainly as its figures are defined: ticket by ticket from the clock, in fractions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import ceil
from zoneinfo import ZoneInfo

from frontline_feedback.models import Ticket
from rnd.cycles.clock import wind
from rnd.cycles.clock.moments import from_us
from rnd.cycles.clock.stages import Mode, Stage
from rnd.cycles.clock.way import Way
from rnd.cycles.facts.reading import stories_of


@dataclass
class Known:
    ticket: Ticket
    way: Way

    def finished_day(self, zone: ZoneInfo) -> date:
        assert self.way.finished_at is not None
        return from_us(self.way.finished_at).astimezone(zone).date()


@dataclass
class SlowReport:
    finished: list[Known]
    still_open: int
    left_out: dict[str, int]

    @property
    def totals(self) -> list[int]:
        return sorted(known.way.total for known in self.finished)

    def percentile(self, percent: int) -> int:
        rank = ceil(Fraction(percent, 100) * len(self.totals))
        return self.totals[rank - 1]

    def mean_total(self, some: Iterable[Known] | None = None) -> Fraction:
        totals = [known.way.total for known in (self.finished if some is None else some)]
        return Fraction(sum(totals), len(totals))

    def mean(self, stage: Stage, some: Iterable[Known] | None = None) -> Fraction:
        chosen = list(self.finished if some is None else some)
        return Fraction(sum(known.way.stages[stage] or 0 for known in chosen), len(chosen))

    def visited(self, stage: Stage) -> int:
        return sum(known.way.stages[stage] is not None for known in self.finished)

    @property
    def efficiency(self) -> Fraction:
        marked = [known.way for known in self.finished if known.way.modes_recorded]
        return Fraction(sum(way.modes[Mode.ACTIVE] for way in marked), sum(way.total for way in marked))


def slow_report(
    tickets: Iterable[Ticket],
    *,
    zone: str = "UTC",
    since: date | None = None,
    until: date | None = None,
    ways: Mapping[int, Way] | None = None,
) -> SlowReport:
    """Give the report over these tickets that finished (or, left out, ended) from `since` to `until`.

    `ways` are their ways by ticket, where they are known already.
    """
    here = ZoneInfo(zone)

    def inside(moment: int) -> bool:
        local: datetime = from_us(moment).astimezone(here)
        return (since is None or local.date() >= since) and (until is None or local.date() <= until)

    finished, still_open, left_out = [], 0, Counter[str]()
    tickets = list(tickets)
    for ticket in tickets:
        way = wind(stories_of([ticket.pk])[ticket.pk]) if ways is None else ways[ticket.pk]
        assert way is not None
        if way.excluded:
            if inside(way.received_at if way.ended_at is None else way.ended_at):
                left_out[way.excluded] += 1
        elif way.finished_at is None:
            still_open += 1
        elif inside(way.finished_at):
            finished.append(Known(ticket, way))
    return SlowReport(finished, still_open, dict(left_out))


def month_after(day: date) -> date:
    """Give the first day of the next month."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def ways_of(tickets: Iterable[Ticket]) -> dict[int, Way]:
    """Wind the clock for each."""
    found = {}
    for ticket, story in stories_of([ticket.pk for ticket in tickets]).items():
        way = wind(story)
        assert way is not None
        found[ticket] = way
    return found

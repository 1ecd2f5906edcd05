"""The world that reports are about, as bare values: entries of the journal, and rows that anyone could write down.

All moments are integer microseconds since 1970 in UTC, all days are calendar days in some zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

DAY = 86_400_000_000
STAGES = ["transit", "triage", "queue", "design", "build", "test", "release", "install", "verify"]
MODES = ["active", "waiting", "blocked"]


@dataclass(frozen=True)
class Entry:
    """One entry of the journal about one subject."""

    id: int
    subject: int
    kind: str
    occurred: int
    recorded: int
    data: dict[str, Any]

    @property
    def claimed(self) -> int:
        """Nothing is recorded before it happens."""
        return min(self.occurred, self.recorded)


@dataclass(frozen=True)
class Named:
    """A programme, component, platform or team. `of` is a component's programme."""

    pk: int
    slug: str
    name: str
    of: int = 0
    zone: str = ""


@dataclass(frozen=True)
class Shipped:
    """A release: which commits it holds (by their numbers), and where it stands in its history."""

    pk: int
    component: int
    version: str
    sequence: int
    withdrawn: int | None
    imported: bool
    commit: int
    holds: frozenset[int]


@dataclass(frozen=True)
class Case:
    """A case of an imported history."""

    programme: int
    source: str
    finished: int | None
    total: int
    stages: Sequence[int | None]


@dataclass
class World:
    now: int
    programmes: dict[int, Named]
    components: dict[int, Named]
    platforms: dict[int, Named]
    teams: dict[int, Named]
    titles: dict[int, tuple[str, int]]  # of every ticket there is: its title and its programme
    ticket_entries: list[Entry]
    task_entries: list[Entry]
    reporters: dict[int, int] = field(default_factory=dict)  # of every ticket there is: its team
    releases: dict[int, Shipped] = field(default_factory=dict)
    committed: dict[int, int] = field(default_factory=dict)  # when each commit was made
    published: list[tuple[int, int]] = field(default_factory=list)  # release, when
    installed: list[tuple[int, int, int]] = field(default_factory=list)  # release, team, when
    subscribed: list[tuple[int, int]] = field(default_factory=list)  # component, team
    levels: list[tuple[int, str, int, int | None]] = field(default_factory=list)  # programme, severity, %, days; oldest
    baselines: list[tuple[int, date, date, str]] = field(default_factory=list)  # programme, first, last, source; oldest
    cases: list[Case] = field(default_factory=list)

    @cached_property
    def of_ticket(self) -> dict[int, list[Entry]]:
        return by_subject(self.ticket_entries)

    @cached_property
    def of_task(self) -> dict[int, list[Entry]]:
        return by_subject(self.task_entries)

    @cached_property
    def links(self) -> set[tuple[int, int]]:
        """Which tasks are linked to which tickets now: links are recorded in the order in which they held."""
        found: set[tuple[int, int]] = set()
        for entry in sorted(self.task_entries, key=lambda entry: entry.id):
            if entry.kind == "task.linked":
                found.add((entry.subject, entry.data["ticket_id"]))
            if entry.kind == "task.unlinked":
                found.discard((entry.subject, entry.data["ticket_id"]))
        return found

    @cached_property
    def canonical(self) -> dict[int, int]:
        """Into which ticket each merged one was merged."""
        found: dict[int, int] = {}
        for entry in sorted(self.ticket_entries, key=lambda entry: entry.id):
            if entry.kind == "ticket.merged":
                found[entry.subject] = entry.data["into_id"]
            if entry.kind == "ticket.reopened":
                found.pop(entry.subject, None)
        return found


def by_subject(entries: Iterable[Entry]) -> dict[int, list[Entry]]:
    found: dict[int, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.subject, []).append(entry)
    return found


def us(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def moment(microseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)


@dataclass(frozen=True)
class Asked:
    """What a report is narrowed to. Numbers name hardware and release, slugs all else."""

    programme: str = ""
    component: str = ""
    platform: str = ""
    team: str = ""
    severity: str = ""
    hardware: int | None = None
    release: int | None = None
    passes: int | None = None
    since: date | None = None
    until: date | None = None
    by: str = ""
    zone: str = "UTC"

    def day(self, microseconds: int) -> date:
        """On which day of the report's zone a moment lies."""
        return moment(microseconds).astimezone(ZoneInfo(self.zone)).date()

    def inside(self, microseconds: int) -> bool:
        """Whether a moment lies in the period."""
        day = self.day(microseconds)
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)

    def begins(self, day: date) -> int:
        """The moment at which a day begins."""
        return us(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.zone)))

    def today(self, world: World) -> date:
        return self.day(world.now)

    @property
    def of_tickets(self) -> bool:
        """Whether it asks for something that only tickets have."""
        return any([self.platform, self.team, self.severity, self.hardware, self.release, self.passes])

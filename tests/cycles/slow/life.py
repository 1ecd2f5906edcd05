"""One ticket's way as docs/cycle-clock.md tells it: wherever anything happened, all is looked at anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

from tests.cycles.slow.plain import STAGES, Asked, World, us
from tests.cycles.slow.rules import TASK, TICKET, Past, closing, line, merged, number_of, outcome, reading


@dataclass(frozen=True)
class Segment:
    since: int
    until: int
    stage: str
    mode: str
    number: int

    @property
    def length(self) -> int:
        return self.until - self.since


@dataclass(frozen=True)
class Running:
    """What an open ticket is in: since when it reads so, and since when it is in this stage."""

    since: int
    entered: int
    stage: str


@dataclass(frozen=True)
class Life:
    """All that reports ask of one ticket."""

    ticket: int
    start: int
    received: int
    segments: list[Segment]
    running: Running | None
    passes: int
    finished: int | None
    first_finish: int | None
    fixed_by: int | None
    ended: int | None
    excluded: str
    recorded: bool
    moved: int
    # What the ticket says of itself now.
    programme: int
    component: int
    platform: int
    team: int
    hardware: int | None
    severity: str

    @cached_property
    def total(self) -> int:
        return sum(segment.length for segment in self.segments)

    @cached_property
    def stages(self) -> dict[str, int | None]:
        """Microseconds in each stage; None for one that it never was in."""
        return {
            stage: sum(parts) if (parts := [one.length for one in self.segments if one.stage == stage]) else None
            for stage in STAGES
        }

    def in_stage(self, stage: str) -> int:
        return self.stages[stage] or 0

    def spent(self, *, stage: str = "", mode: str = "", number: int = 0) -> int:
        return sum(
            one.length
            for one in self.segments
            if stage in ("", one.stage) and mode in ("", one.mode) and number in (0, one.number)
        )

    @cached_property
    def rework(self) -> int:
        """The time in visits to stages that it had reached, or gone beyond, before."""
        visits: list[tuple[str, int]] = []
        for one in self.segments:
            if visits and visits[-1][0] == one.stage:
                visits[-1] = (one.stage, visits[-1][1] + one.length)
            else:
                visits.append((one.stage, one.length))
        places = [STAGES.index(stage) for stage, _length in visits]
        return sum(length for n, (_, length) in enumerate(visits) if any(before >= places[n] for before in places[:n]))

    def reached(self, stage: str) -> int | None:
        """When it first came to a stage or beyond it."""
        far = STAGES.index(stage)
        came = [one.since for one in self.segments if STAGES.index(one.stage) >= far]
        if self.running and STAGES.index(self.running.stage) >= far:
            came.append(self.running.since)
        if self.finished is not None:
            came.append(self.finished)
        return min(came, default=None)

    def counts(self) -> bool:
        return not self.excluded

    def fits(self, world: World, asked: Asked) -> bool:
        """Whether everything but the period lets it through."""
        return all(
            [
                asked.programme in ("", world.programmes[self.programme].slug),
                asked.component in ("", world.components[self.component].slug),
                asked.platform in ("", world.platforms[self.platform].slug),
                asked.team in ("", world.teams[self.team].slug),
                asked.severity in ("", self.severity),
                asked.hardware in (None, self.hardware),
                asked.release in (None, self.fixed_by),
                asked.passes in (None, self.passes),
            ]
        )


def lengths(some: Iterable[Life], stage: str) -> list[int]:
    """The time in a stage, of those that were in it."""
    return [length for life in some if (length := life.stages[stage]) is not None]


def lives(world: World) -> dict[int, Life]:
    """Give the life of every ticket that was ever received."""
    found = {ticket: live(world, ticket) for ticket in sorted(world.of_ticket)}
    return {ticket: life for ticket, life in found.items() if life is not None}


def live(world: World, ticket: int) -> Life | None:
    entries = world.of_ticket[ticket]
    own = line(entries, TICKET, "ticket.received")
    if not own.entries or own.entries[0].kind != "ticket.received":
        return None
    followed = {ticket} | ({world.canonical[ticket]} if ticket in world.canonical else set())
    candidates = {task for task, other in world.links if other in followed}
    tasks = [line(world.of_task[task], TASK, "task.opened") for task in sorted(candidates)]
    seen = micro(own.entries[0].data["seen_at"])
    start, received = min(seen, own.times[0]), own.times[0]
    last = closing(own.entries)
    end = None if last is None else own.times[own.entries.index(last)]
    boundaries = sorted({start, *own.times, *(at for task in tasks for at in task.times)})
    boundaries = [at for at in boundaries if at >= start and (end is None or at < end)]
    readings = [(at, reading(own, tasks, at)) for at in boundaries]
    changes = [readings[n] for n in range(len(readings)) if n == 0 or readings[n][1] != readings[n - 1][1]]
    edges = changes if end is None else [*changes, (end, ("", "", 0))]
    segments = [Segment(since, until, *read) for (since, read), (until, _) in pairwise(edges)]
    running = None
    if end is None:
        since, (stage, _mode, _number) = changes[-1]
        entered = since
        for segment in reversed(segments):
            if segment.stage != stage:
                break
            entered = segment.since
        running = Running(since, entered, stage)
    fixes = [
        at
        for n, at in enumerate(own.times, start=1)
        if (held := closing(own.entries[:n])) is own.entries[n - 1] and outcome(held) == "fixed"
    ]
    finished = end if outcome(last) == "fixed" else None
    excluded = "merged" if merged(own.entries) else "" if outcome(last) == "fixed" else outcome(last)
    says = facets(entries)
    marks = [entry for task in tasks for entry in task.entries]
    return Life(
        ticket=ticket,
        start=start,
        received=received,
        segments=segments,
        running=running,
        passes=number_of(own.entries),
        finished=finished,
        first_finish=min(fixes, default=None),
        fixed_by=last.data["release_id"] if last and finished is not None else None,
        ended=end,
        excluded=excluded,
        recorded=any(e.kind == "task.blocked" or e.data.get("assignee_id") is not None for e in marks),
        moved=own.moved() + (seen > received) + sum(task.moved() for task in tasks),
        programme=says["programme_id"],
        component=says["component_id"],
        platform=says["platform_id"],
        team=says["team_id"],
        hardware=says["hardware_id"],
        severity=says["severity"],
    )


def micro(text: str) -> int:
    return us(datetime.fromisoformat(text))


def facets(entries: Past) -> dict[str, Any]:
    """What it was reported as, corrected by every reclassification."""
    says: dict[str, Any] = {}
    for entry in sorted(entries, key=lambda entry: entry.id):
        if entry.kind in ("ticket.received", "ticket.reclassified"):
            says |= entry.data
    return says

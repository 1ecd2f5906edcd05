"""One ticket's way as docs/cycle-clock.md tells it: wherever anything happened, all is looked at anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

from tests.cycles.slow.plain import STAGES, Asked, Entry, World, us

TICKET = {f"ticket.{name}" for name in (
    "received", "accepted", "rejected", "merged", "closed", "reopened", "fix_offered", "fix_installed", "verdict_given",
)}  # fmt: skip
TASK = {f"task.{name}" for name in ("opened", "linked", "unlinked", "assigned", "moved", "blocked", "unblocked")}
OPEN = ["queue", "design", "build", "test"]
Past = Sequence[Entry]
Reading = tuple[str, str, int]  # stage, mode, pass


@dataclass(frozen=True)
class Line:
    """The entries of one subject in the order in which they count, each with its effective time."""

    entries: list[Entry]
    times: list[int]

    def until(self, t: int) -> list[Entry]:
        """What has happened by then."""
        return [entry for entry, at in zip(self.entries, self.times, strict=True) if at <= t]

    def moved(self) -> int:
        """How many do not count at the time they claim."""
        return sum(at != entry.occurred for entry, at in zip(self.entries, self.times, strict=True))


def line(entries: Sequence[Entry], kinds: set[str], birth: str) -> Line:
    """Order by claim, record and number, the birth first; nothing takes effect before what stands in front of it."""
    ordered = sorted(
        (entry for entry in entries if entry.kind in kinds), key=lambda one: (one.claimed, one.recorded, one.id)
    )
    births = [entry for entry in ordered if entry.kind == birth][:1]
    ordered = births + [entry for entry in ordered if entry not in births]
    return Line(ordered, [max(one.claimed for one in ordered[: place + 1]) for place in range(len(ordered))])


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


def reading(own: Line, tasks: list[Line], t: int) -> Reading:
    """The rules in the order of the document: closed and reopened later, an open task, the own milestones."""
    past = own.until(t)
    number = number_of(past)
    held = closing(past)
    if held is not None:
        return ("verify" if held.kind == "ticket.verdict_given" else "triage"), "waiting", number
    pasts = [past_of_task for task in tasks if (past_of_task := task.until(t))]
    governing = [one for one in pasts if stage_of(one) in OPEN]
    if governing:
        stage = min((stage_of(one) for one in governing), key=OPEN.index)
        governing = [one for one in governing if stage_of(one) == stage]
        if all(blocked(one) for one in governing):
            return stage, "blocked", number
        if stage != "queue" and any(assigned(one) and not blocked(one) for one in governing):
            return stage, "active", number
        return stage, "waiting", number
    return milestone(own, past, tasks, t), "waiting", number


def milestone(own: Line, past: Past, tasks: list[Line], t: int) -> str:
    if not past:
        return "transit"
    starts = [n for n in range(len(past)) if starts_pass(past, n)]
    here = past[starts[-1] + 1 :] if starts else past
    if not accepted(past, here):
        return "triage"
    if any(entry.kind == "ticket.fix_installed" for entry in here):
        return "verify"
    if any(entry.kind == "ticket.fix_offered" for entry in here):
        return "install"
    began = own.times[starts[-1]] if starts else None
    done = [
        entered(task, past_of_task)
        for task in tasks
        if (past_of_task := task.until(t)) and stage_of(past_of_task) == "done"
    ]
    return "release" if any(began is None or at >= began for at in done) else "queue"


def closing(past: Past) -> Entry | None:
    """The decision that holds after all this."""
    held: Entry | None = None
    for entry in past:
        by_verdict = held is not None and held.kind == "ticket.verdict_given"
        if entry.kind == "ticket.reopened":
            held = None
        elif entry.kind == "ticket.verdict_given":
            if entry.data["outcome"] in ("not_fixed", "worse"):
                held = None
            elif entry.data["outcome"] == "fixed" and not by_verdict:
                held = entry
        elif entry.kind in ("ticket.rejected", "ticket.closed") and held is None:
            held = entry
    return held


def outcome(held: Entry | None) -> str:
    if held is None:
        return ""
    return "rejected" if held.kind == "ticket.rejected" else str(held.data["outcome"])


def starts_pass(past: Past, n: int) -> bool:
    entry = past[n]
    if entry.kind == "ticket.verdict_given":
        return entry.data["outcome"] in ("not_fixed", "worse")
    before = closing(past[:n])
    return entry.kind == "ticket.reopened" and before is not None and before.kind == "ticket.verdict_given"


def number_of(past: Past) -> int:
    return 1 + sum(starts_pass(past, n) for n in range(len(past)))


def merged(past: Past) -> bool:
    marks = [entry for entry in past if entry.kind in ("ticket.merged", "ticket.reopened")]
    return bool(marks) and marks[-1].kind == "ticket.merged"


def accepted(past: Past, here: Past) -> bool:
    """Merged, or accepted, offered or installed in this pass and since nothing revoked it."""
    if merged(past):
        return True
    revoked = 0
    for n, entry in enumerate(here):
        before = past[: len(past) - len(here) + n]
        if entry.kind == "ticket.reopened" and (closing(before) is not None or merged(before)):
            revoked = n + 1
    kinds = {"ticket.accepted", "ticket.fix_offered", "ticket.fix_installed", "ticket.merged"}
    return any(entry.kind in kinds for entry in here[revoked:])


def stage_of(past: Past) -> str:
    moves = [entry for entry in past if entry.kind == "task.moved"]
    return str(moves[-1].data["to_stage"]) if moves else "queue"


def entered(task: Line, past: Past) -> int:
    """When a task came into the stage that it is in."""
    n = len(past)
    while n > 1 and stage_of(past[: n - 1]) == stage_of(past):
        n -= 1
    return task.times[n - 1]


def blocked(past: Past) -> bool:
    marks = [entry for entry in past if entry.kind in ("task.blocked", "task.unblocked")]
    return bool(marks) and marks[-1].kind == "task.blocked"


def assigned(past: Past) -> bool:
    marks = [entry for entry in past if entry.kind == "task.assigned"]
    return bool(marks) and marks[-1].data["assignee_id"] is not None

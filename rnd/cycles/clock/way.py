"""What the clock gives: one ticket's whole way as segments, and every sum that a report takes from them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rnd.cycles.clock.stages import POSITION, Mode, Stage
from rnd.cycles.clock.timeline import Moved


@dataclass(frozen=True, slots=True)
class Segment:
    """The half-open interval [since, until) in integer UTC microseconds, and what it was spent on."""

    since: int
    until: int
    stage: Stage
    mode: Mode
    number: int  # the pass, from 1

    @property
    def length(self) -> int:
        return self.until - self.since


@dataclass(frozen=True, slots=True)
class Running:
    """What an open ticket is in now: its last segment, whose end is still to come.

    `entered` is when the visit to this stage began; `since`, when stage, mode and pass last changed.
    """

    since: int
    entered: int
    stage: Stage
    mode: Mode
    number: int

    @property
    def reading(self) -> tuple[Stage, Mode, int]:
        return self.stage, self.mode, self.number


@dataclass(frozen=True, slots=True)
class Way:
    """One ticket's way. All times are integer UTC microseconds, all lengths integer microseconds.

    Of an open ticket `running` is set and `segments` end where it begins, until `at(now)` counts it too.
    """

    started_at: int
    received_at: int
    segments: tuple[Segment, ...]
    passes: int
    running: Running | None = None
    # The last verdict `fixed` (or closing as fixed) that nothing revoked, and the first that there ever was.
    finished_at: int | None = None
    first_finish_at: int | None = None
    # The release that the verdict which finished it is about.
    fixed_by: int | None = None
    # When a ticket that is closed or finished ended; None while it is open.
    ended_at: int | None = None
    # Why it is left out of the statistics: "merged", or the outcome it was closed with. Empty: it counts.
    excluded: str = ""
    # Whether anyone marked an assignee or a block on a linked task; without that, modes say nothing.
    modes_recorded: bool = False
    moved: tuple[Moved, ...] = ()
    last_entry_id: int = 0

    def at(self, now: int) -> "Way":
        """Count the running segment up to `now` (microseconds); what has ended is the same at any time."""
        if self.running is None or now <= self.running.since:
            return self
        run = self.running
        tail = Segment(run.since, now, run.stage, run.mode, run.number)
        return replace(self, segments=(*self.segments, tail), running=replace(run, since=now))

    @property
    def total(self) -> int:
        """The time that the segments account for: start to end, or to where an open ticket was counted."""
        return self.segments[-1].until - self.started_at if self.segments else 0

    @property
    def stages(self) -> dict[Stage, int | None]:
        """The time in each stage; None for one that was never visited. They add up to the total."""
        sums: dict[Stage, int | None] = dict.fromkeys(Stage)
        for segment in self.segments:
            sums[segment.stage] = (sums[segment.stage] or 0) + segment.length
        return sums

    @property
    def modes(self) -> dict[Mode, int]:
        """The time in each mode. They add up to the total."""
        sums = dict.fromkeys(Mode, 0)
        for segment in self.segments:
            sums[segment.mode] += segment.length
        return sums

    @property
    def pass_times(self) -> tuple[int, ...]:
        """The time in each pass, the first one first. They add up to the total."""
        sums = [0] * self.passes
        for segment in self.segments:
            sums[segment.number - 1] += segment.length
        return tuple(sums)

    @property
    def first_total(self) -> int | None:
        """The time to the first finish, whatever became of it later; None before that."""
        return None if self.first_finish_at is None else self.first_finish_at - self.started_at

    @property
    def visited(self) -> tuple["Visit", ...]:
        """The visits in order: one for each time a stage was entered and stayed in for any time at all."""
        visits: list[Visit] = []
        furthest = -1
        for segment in self.segments:
            if visits and visits[-1].stage == segment.stage:
                visits[-1] = replace(visits[-1], length=visits[-1].length + segment.length)
                continue
            position = POSITION[segment.stage]
            visits.append(Visit(segment.stage, segment.since, segment.length, again=position <= furthest))
            furthest = max(furthest, position)
        return tuple(visits)

    @property
    def reached(self) -> tuple[int | None, ...]:
        """When it first came to each stage or beyond it; None for those that it has not come to."""
        marks: list[int | None] = []
        for stage in Stage:
            came = [s.since for s in self.segments if POSITION[s.stage] >= POSITION[stage]]
            came += [run.since for run in [self.running] if run and POSITION[run.stage] >= POSITION[stage]]
            came += [] if self.finished_at is None else [self.finished_at]
            marks.append(min(came, default=None))
        return tuple(marks)

    @property
    def visits(self) -> Mapping[Stage, int]:
        """How often each stage was entered."""
        counts = dict.fromkeys(Stage, 0)
        for visit in self.visited:
            counts[visit.stage] += 1
        return counts

    @property
    def rework(self) -> int:
        """The time in visits to a stage that the ticket had reached, or gone beyond, before."""
        return sum(visit.length for visit in self.visited if visit.again)


@dataclass(frozen=True, slots=True)
class Visit:
    """One uninterrupted stay in a stage, across passes and modes; `again`: no further than it had been before."""

    stage: Stage
    since: int
    length: int
    again: bool

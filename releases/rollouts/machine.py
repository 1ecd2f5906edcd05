"""When a rollout goes on, stops by itself, or is over. Pure: it is given how things stand and the time, and decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal


class State(StrEnum):
    """Running and paused are alive; the others are the end."""

    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    ABORTED = "aborted"


class Answer(StrEnum):
    """What came back from a team that was asked."""

    WAITING = "waiting"
    INSTALLED = "installed"
    FAILED = "failed"
    WORSE = "worse"
    UNREACHABLE = "unreachable"
    SKIPPED = "skipped"


class Verb(StrEnum):
    """What a person may do with a rollout."""

    PAUSE = "pause"
    RESUME = "resume"
    ADVANCE = "advance"
    ABORT = "abort"


ALLOWED: Final[dict[Verb, frozenset[State]]] = {
    Verb.PAUSE: frozenset({State.RUNNING}),
    Verb.RESUME: frozenset({State.PAUSED}),
    Verb.ADVANCE: frozenset({State.RUNNING}),
    Verb.ABORT: frozenset({State.RUNNING, State.PAUSED}),
}
ERRORS: Final = frozenset({Answer.FAILED, Answer.WORSE})
NOT_ASKED: Final = frozenset({Answer.UNREACHABLE, Answer.SKIPPED})


@dataclass(frozen=True, slots=True)
class Tally:
    """How many teams of a group answered what. `fresh_…` leaves out what a person has excused."""

    waiting: int = 0
    installed: int = 0
    failed: int = 0
    worse: int = 0
    unreachable: int = 0
    skipped: int = 0
    fresh_errors: int = 0
    fresh_worse: int = 0

    @property
    def teams(self) -> int:
        """Every team of the group."""
        return self.asked + self.unreachable + self.skipped

    @property
    def asked(self) -> int:
        """Those whose answer counts: not the unreachable, and not the skipped."""
        return self.waiting + self.installed + self.failed + self.worse

    @property
    def errors(self) -> int:
        """Those for whom it failed, or made things worse."""
        return self.failed + self.worse

    def succeeds(self, percent: int) -> bool:
        """Tell whether at least `percent` of those asked run it, and at least one does."""
        return self.installed > 0 and self.installed * 100 >= percent * self.asked

    def fails(self, percent: int) -> bool:
        """Tell whether `percent` or more of those asked failed in a way that nobody has excused."""
        return self.fresh_errors > 0 and self.fresh_errors * 100 >= percent * self.asked

    @property
    def success_share(self) -> int:
        """Whole percent of those asked that run it, rounded down; 0 where nobody counts."""
        return self.installed * 100 // self.asked if self.asked else 0


def tally(answers: Iterable[tuple[str, bool]]) -> Tally:
    """Count (answer, excused) pairs."""
    counts = dict.fromkeys(Answer, 0)
    fresh_errors = fresh_worse = 0
    for value, excused in answers:
        answer = Answer(value)
        counts[answer] += 1
        if answer in ERRORS and not excused:
            fresh_errors += 1
            fresh_worse += answer is Answer.WORSE
    return Tally(**{answer.value: count for answer, count in counts.items()}, fresh_errors=fresh_errors,
                 fresh_worse=fresh_worse)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """A group as the machine sees it."""

    number: int
    soak: timedelta
    gate: bool
    begun_at: datetime | None
    tally: Tally


@dataclass(frozen=True, slots=True)
class Course:
    """A rollout as the machine sees it. `groups` are in their order."""

    state: State
    success_percent: int
    error_percent: int
    worse_limit: int
    groups: tuple[Group, ...]

    @property
    def current(self) -> Group | None:
        """The group that began last."""
        begun = [group for group in self.groups if group.begun_at is not None]
        return begun[-1] if begun else None

    @property
    def following(self) -> Group | None:
        """The first group that has not begun."""
        return next((group for group in self.groups if group.begun_at is None), None)


class Why(StrEnum):
    """What a rollout waits for."""

    OVER = "over"
    PAUSED = "paused"
    SOAK = "soak"
    SUCCESS = "success"
    GATE = "gate"


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do now. `until` is the end of the soak time, where that is what it waits for."""

    why: Why
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Begin:
    """The group with this number begins."""

    number: int


@dataclass(frozen=True, slots=True)
class Pause:
    """It stops by itself: "worse" (so many teams say so) or "errors" (too many failures in the current group)."""

    cause: Literal["worse", "errors"]
    count: int


@dataclass(frozen=True, slots=True)
class Complete:
    """The last group is through."""


Step = Wait | Begin | Pause | Complete


def step(course: Course, now: datetime) -> Step:
    """Give what is due at `now`. Pausing comes before all else; then soak, success, and the next group's gate."""
    if course.state is not State.RUNNING:
        return Wait(Why.PAUSED if course.state is State.PAUSED else Why.OVER)
    current = course.current
    if current is None or current.begun_at is None:
        return Begin(course.groups[0].number)
    alarm = _alarm(course)
    if alarm is not None:
        return alarm
    soaked_at = current.begun_at + current.soak
    if now < soaked_at:
        return Wait(Why.SOAK, soaked_at)
    if not current.tally.succeeds(course.success_percent):
        return Wait(Why.SUCCESS)
    return _onward(course)


def _onward(course: Course) -> Step:
    following = course.following
    if following is None:
        return Complete()
    return Wait(Why.GATE) if following.gate else Begin(following.number)


def by_hand(course: Course) -> Begin | Complete:
    """Give what a person's "go on" does: the next group begins, and after the last one it is over."""
    following = course.following
    return Complete() if following is None else Begin(following.number)


def _alarm(course: Course) -> Pause | None:
    begun = [group for group in course.groups if group.begun_at is not None]
    worse = sum(group.tally.fresh_worse for group in begun)
    if course.worse_limit and worse >= course.worse_limit:
        return Pause("worse", worse)
    if begun and begun[-1].tally.fails(course.error_percent):
        return Pause("errors", begun[-1].tally.fresh_errors)
    return None

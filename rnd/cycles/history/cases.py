"""A case of another tracker: what happened when, and how long it was in each of its own states and of our stages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from enum import Enum, auto
from itertools import groupby, pairwise
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from rnd.cycles.clock.moments import to_us
from rnd.cycles.clock.stages import Stage

T = TypeVar("T")
OPENED: Final = "opened"
# Moments that every time zone can show.
FIRST_YEAR: Final = 2
LAST_YEAR: Final = 9998
FIRST: Final = datetime(1, 1, 1, tzinfo=UTC)
SHOWN: Final = 80


class Unreadable(ValueError):
    """The file is not what it was said to be; the message says where and what would be right."""


class Change(Enum):
    """What an event does to the state of its case."""

    STATE = auto()
    CLOSED = auto()
    REOPENED = auto()
    LABELLED = auto()
    UNLABELLED = auto()


@dataclass(frozen=True, slots=True)
class Event:
    """From this moment (microseconds since 1970, UTC) the case is in this state, in the other tracker's own words.

    A label is a state only where the mapping names it. `label` is that state also where the label is taken off.
    """

    at: int
    state: str
    change: Change = Change.STATE
    label: str = ""


@dataclass(frozen=True, slots=True)
class StageMap:
    """Their states → our stages; which states mean that a case is finished (none named: the last event ends it)."""

    stages: Mapping[str, Stage] = field(default_factory=dict)
    finished: frozenset[str] = frozenset()
    zone: tzinfo = UTC

    def names(self, state: str) -> bool:
        """Whether it says anything of this state."""
        return state in self.stages or state in self.finished


@dataclass(frozen=True, slots=True)
class Case:
    """One case with its events in order of time; of several at one moment, in the order of the file."""

    name: str
    events: tuple[Event, ...]

    @classmethod
    def of(cls, name: str, events: Iterable[Event]) -> Case:
        """Make a case of events in any order."""
        return cls(name, tuple(sorted(events, key=lambda event: event.at)))

    def in_states(self, mapping: StageMap) -> tuple[Event, ...]:
        """Give the events that change the state.

        A label that the mapping names is the state until it is taken off: then the last one that is still on, or
        `opened`. What was closed stays so, whatever is labelled, until it is reopened. At one moment labels come last.
        """
        if all(event.change is Change.STATE for event in self.events):
            return self.events
        found: list[Event] = []
        issue = _Issue(mapping)
        for at, some in groupby(self.events, key=lambda event: event.at):
            for event in sorted(some, key=lambda event: event.change in {Change.LABELLED, Change.UNLABELLED}):
                issue.take(event)
            if not found or found[-1].state != issue.state:
                found.append(Event(at, issue.state))
        return tuple(found)


@dataclass(slots=True)
class _Issue:
    """An issue as it goes through its events: its state, whether it is closed, and which labels are on."""

    mapping: StageMap
    state: str = OPENED
    closed: bool = False
    on: list[str] = field(default_factory=list)

    def take(self, event: Event) -> None:
        match event.change:
            case Change.CLOSED:
                self.closed = True
                if self.state not in self.mapping.finished:
                    self.state = event.state
            case Change.REOPENED:
                self.closed, self.state = False, event.state
            case Change.LABELLED if self.mapping.names(event.label):
                self.on = [*(label for label in self.on if label != event.label), event.label]
                if not self.closed:
                    self.state = event.label
            case Change.UNLABELLED:
                self.on = [label for label in self.on if label != event.label]
                if self.state == event.label and not self.closed:
                    self.state = self.on[-1] if self.on else OPENED


def joined(cases: Iterable[Case]) -> list[Case]:
    """Give every name once, with the events of all its cases; what is told again is one event."""
    found: dict[str, Case] = {}
    for case in cases:
        known = found.get(case.name)
        if known is None:
            found[case.name] = case
        else:
            told = set(known.events)
            more = (event for event in case.events if event not in told)
            found[case.name] = Case.of(case.name, [*known.events, *more])
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Measured:
    """One case measured, in integer microseconds. States add up to the total, and so do stages with `unmapped`.

    Counted from the first event to the last entry into a finished state (or, unfinished, to the last event).
    """

    name: str
    started_at: int
    finished_at: int | None
    total: int
    events: int
    states: Mapping[str, int]
    stages: Mapping[Stage, int | None]
    unmapped: int
    reopened: int


def measure(case: Case, mapping: StageMap) -> Measured | None:
    """Measure one case; None for one without events.

    The time between two events belongs to the state of the first. What was finished and went on was reopened: that
    time counts, in the state that it was spent in.
    """
    events = case.in_states(mapping)
    if not events:
        return None
    ends = [bool(mapping.finished) and event.state in mapping.finished for event in events]
    finished = ends[-1] or not mapping.finished
    if finished and mapping.finished:
        # Repeated closings at the end are one: the first of them ended it.
        last = len(events) - 1
        while last and ends[last - 1]:
            last -= 1
        events = events[: last + 1]
    states: dict[str, int] = {}
    stages: dict[Stage, int | None] = dict.fromkeys(Stage)
    unmapped = reopened = 0
    for now, after in pairwise(events):
        length = after.at - now.at
        states[now.state] = states.get(now.state, 0) + length
        stage = mapping.stages.get(now.state)
        if stage is None:
            unmapped += length
        elif length:
            stages[stage] = (stages[stage] or 0) + length
        reopened += now.state in mapping.finished and after.state not in mapping.finished
    start, end = events[0].at, events[-1].at
    return Measured(
        case.name, start, end if finished else None, end - start, len(case.events), states, stages, unmapped, reopened
    )


def unmapped_states(cases: Iterable[Case], mapping: StageMap) -> dict[str, int]:
    """Count the events whose state the mapping does not name, the most frequent first; of a label, where it was set."""
    counts: dict[str, int] = {}
    for case in cases:
        for event in case.events:
            if event.change is not Change.UNLABELLED and not mapping.names(event.state):
                counts[event.state] = counts.get(event.state, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


@dataclass(slots=True)
class Zoned:
    """Reads moments as text. One without an offset is local time in `zone`, and counted where it is not certain.

    An hour that the clocks show twice is taken as the first one, unless the case would then go backwards.
    """

    zone: tzinfo
    ambiguous: int = 0
    impossible: int = 0

    def read(self, text: str, *, where: str) -> datetime:
        """Give a moment as it is written, with an offset or without; raises Unreadable."""
        try:
            moment = datetime.fromisoformat(text.strip())
        except ValueError:
            raise Unreadable(
                f"{where}: {shown(text)} is not a moment. Write it as 2024-03-31T02:30:00+02:00 (ISO 8601)."
            ) from None
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise Unreadable(f"{where}: {shown(text)} is not between the years {FIRST_YEAR} and {LAST_YEAR}.")
        return moment

    def order(self, told: Sequence[tuple[datetime, T]], *, opened: bool = False) -> list[tuple[int, T]]:
        """Give what happened to one case with its moments in microseconds, whatever order it was told in.

        Where it can be read in the order in which it was told, it happened so; else in that of the clocks. With
        `opened` the first of them was before all the others, whatever the clocks showed.
        """
        if all(moment.utcoffset() is not None for moment, _what in told):
            return [(to_us(moment), what) for moment, what in told]
        if not self._is_in_order([moment for moment, _what in told]):
            told = [*told[:opened], *sorted(told[opened:], key=lambda item: self._shown(item[0]))]
        found: list[tuple[int, int, T]] = []
        after: int | None = None
        for moment, what in told:
            low, high = self._between(moment, after)
            found.append((low, high, what))
            after = high if after is None else max(after, high)
        until: int | None = None
        ordered: list[tuple[int, T]] = []
        for low, high, what in reversed(found):
            until = high if until is None else max(low, min(high, until))
            ordered.append((until, what))
        return ordered[::-1]

    def _is_in_order(self, moments: Iterable[datetime]) -> bool:
        """Tell whether the clocks never ran backwards, but from the first to the second of two like hours."""
        back = False
        for one, other in pairwise(moments):
            if self._shown(one) > self._shown(other):
                if back or not (self._comes_twice(one) and self._comes_twice(other)):
                    return False
                back = True
        return True

    def _comes_twice(self, moment: datetime) -> bool:
        if moment.utcoffset() is not None:
            return False
        first, second = (to_us(moment.replace(tzinfo=self.zone, fold=fold)) for fold in (0, 1))
        return first < second

    def _shown(self, moment: datetime) -> tuple[datetime, int]:
        """Give what the clocks of the zone showed; of two at once, the certain one is the later."""
        if moment.utcoffset() is None:
            return moment, 0
        return moment.astimezone(self.zone).replace(tzinfo=None), 1 + to_us(moment) - to_us(FIRST)

    def _between(self, moment: datetime, after: int | None) -> tuple[int, int]:
        """Give the earliest and the latest that it can have been, the same where that is certain."""
        if moment.utcoffset() is not None:
            return to_us(moment), to_us(moment)
        first, second = (moment.replace(tzinfo=self.zone, fold=fold) for fold in (0, 1))
        early, late = to_us(first), to_us(second)
        if early == late:
            return early, late
        if early > late:
            # Skipped when the clocks went forward: nobody's clock showed it. Read as if they had not moved yet, but
            # not after what came next.
            self.impossible += 1
            return late, early
        self.ambiguous += 1
        chosen = early if after is None or after <= early else late
        return chosen, chosen


def shown(value: object) -> str:
    """Give a value for a message, cut where it is long."""
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def zone_named(name: str) -> tzinfo:
    """Give the time zone of this name; raises Unreadable."""
    try:
        return ZoneInfo(name) if name else UTC
    except (KeyError, ValueError, OSError):
        raise Unreadable(f"There is no time zone {shown(name)}. Name one as Europe/Oslo.") from None

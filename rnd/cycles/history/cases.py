"""A case of another tracker: what happened when, and how long it was in each of its own states and of our stages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

from rnd.cycles.clock.moments import to_us
from rnd.cycles.clock.stages import Stage


class Unreadable(ValueError):
    """The file is not what it was said to be; the message says where and what would be right."""


@dataclass(frozen=True, slots=True)
class Event:
    """From this moment (microseconds since 1970, UTC) the case is in this state, in the other tracker's own words."""

    at: int
    state: str


@dataclass(frozen=True, slots=True)
class Case:
    """One case with its events in order of time; of several at one moment, in the order of the file."""

    name: str
    events: tuple[Event, ...]

    @classmethod
    def of(cls, name: str, events: Iterable[Event]) -> Case:
        """Make a case of events in any order."""
        return cls(name, tuple(sorted(events, key=lambda event: event.at)))


@dataclass(frozen=True, slots=True)
class StageMap:
    """Their states → our stages; which states mean that a case is finished (none named: the last event ends it)."""

    stages: Mapping[str, Stage] = field(default_factory=dict)
    finished: frozenset[str] = frozenset()
    zone: tzinfo = UTC


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
    events = case.events
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
    """Count the events whose state the mapping does not name, the most frequent first."""
    counts: dict[str, int] = {}
    for case in cases:
        for event in case.events:
            if event.state not in mapping.stages and event.state not in mapping.finished:
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

    def read(self, text: str, *, where: str, after: int | None = None) -> int:
        """Give a moment in microseconds; raises Unreadable."""
        try:
            moment = datetime.fromisoformat(text.strip())
        except ValueError:
            raise Unreadable(
                f"{where}: {text!r} is not a moment. Write it as 2024-03-31T02:30:00+02:00 (ISO 8601)."
            ) from None
        if moment.utcoffset() is not None:
            return to_us(moment)
        first, second = (moment.replace(tzinfo=self.zone, fold=fold) for fold in (0, 1))
        if first.utcoffset() == second.utcoffset():
            return to_us(first)
        if first.utcoffset() < second.utcoffset():  # type: ignore[operator]  # an aware moment has an offset
            # Skipped when the clocks went forward: nobody's clock showed it. Read as if they had not moved yet.
            self.impossible += 1
            return to_us(first)
        self.ambiguous += 1
        early = to_us(first)
        return early if after is None or after <= early else to_us(second)


def zone_named(name: str) -> tzinfo:
    """Give the time zone of this name; raises Unreadable."""
    try:
        return ZoneInfo(name) if name else UTC
    except (KeyError, ValueError, OSError):
        raise Unreadable(f"There is no time zone {name!r}. Name one as Europe/Oslo.") from None

"""The clock once more, for millions of tickets: the same definition on bare integers, one pass, no objects.

`clock.wind` is the definition; property tests prove that this module gives the same for every story they can think
of. Nothing here may differ from it in anything but speed, so a change belongs there first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from operator import itemgetter
from typing import Any, Final, NamedTuple

from rnd.cycles.clock.stages import Mode, Stage
from rnd.cycles.facts.lean.bare import DONE, QUEUE, RELEASE, UNDECIDED, VERIFY, Change, Event, Own, own_way, task_way

_N: Final = len(Stage)
ACTIVE, WAITING, HELD_UP = range(len(Mode))
# since, until, stage, mode, pass
Segment = tuple[int, int, int, int, int]


class Lean(NamedTuple):
    """One ticket's way. Moments and lengths are integer microseconds; stages and modes are their places."""

    started: int
    received: int
    finished: int | None
    first_finish: int | None
    ended: int | None
    excluded: str
    total: int
    stages: list[int | None]
    modes: list[int]
    rework: int
    pass_times: list[int]
    visits: list[int]
    passes: int
    recorded: bool
    running: tuple[int, int, int, int] | None  # stage, mode, when its visit began, when the reading began
    moved: int
    last_entry: int
    reached: list[int | None]  # when it first came to each stage or beyond it: the high-water mark
    fixed_by: int | None  # the release that the last verdict `fixed` is about
    segments: list[Segment]
    recorded_from: int  # when the first and the last of all its events were recorded
    recorded_to: int


def wind(own: list[Event], tasks: Iterable[list[Event]], followed: Collection[int]) -> Lean | None:
    """Give the way of one ticket (not counted into the running segment); None when it was not received.

    `own` and each of `tasks` are the events of the ticket and of a task, in any order; they are sorted in place.
    `followed` are the tickets whose linked tasks count.
    """
    told = own_way(own)
    if told is None:
        return None
    changes, moved, last_entry, marked, count = told.changes, told.moved, told.last_entry, False, 0
    recorded = [event[1] for event in own]
    for events in tasks:
        recorded += [event[1] for event in events]
        last_entry = max(last_entry, *[event[2] for event in events])
        found = task_way(events, told.started, count, followed)
        if found is not None:
            states, strays, marks = found
            changes += states
            moved += strays
            marked = marked or marks
            count += 1
    if count:
        changes.sort(key=_moment)  # stable: of several at one moment the last one holds
    segments, running = _joined(changes, count, told.ended)
    return _summed(told, segments, running, moved, last_entry, recorded=(min(recorded), max(recorded)), marked=marked)


_moment: Final = itemgetter(0)


def _joined(  # noqa: C901 -- every microsecond passes here, once
    changes: list[Change], count: int, end: int | None
) -> tuple[list[Segment], tuple[int, int, int, int] | None]:
    """Join what holds from each moment on into segments; of an open ticket the last one is running."""
    works: list[Any] = [None] * count
    segments: list[Segment] = []
    own = changes[0][2]
    since = 0
    present: tuple[int, int, int] | None = None
    last = len(changes) - 1
    for index, (at, whose, state) in enumerate(changes):
        if whose < 0:
            own = state
        else:
            works[whose] = state
        if index < last and changes[index + 1][0] == at:
            continue
        if end is not None and at >= end:
            break
        stage, closed, number, began = own
        reading = (stage, WAITING, number)
        if count and not closed:
            reading = _governed(works, stage, number, began)
        elif stage < 0:
            reading = (QUEUE, WAITING, number)
        if reading != present:
            if present is not None:
                segments.append((since, at, *present))
            since, present = at, reading
    if present is None:
        return segments, None
    if end is None:
        return segments, (present[0], present[1], since, since)
    segments.append((since, end, *present))
    return segments, None


def _governed(works: list[Any], own: int, number: int, began: int) -> tuple[int, int, int]:
    """Give the reading while the ticket is not closed: the least advanced open task decides, or else its own stage."""
    least, held, busy, done = DONE, True, False, False
    for work in works:
        if work is None:
            continue
        place, since, assigned, blocked = work
        if place < least:
            least, held, busy = place, blocked, assigned and not blocked
        elif place == DONE:
            done = done or number == 1 or since >= began
        elif place == least:
            held = held and blocked
            busy = busy or (assigned and not blocked)
    if least < DONE:
        return QUEUE + least, HELD_UP if held else ACTIVE if busy and least else WAITING, number
    if own == UNDECIDED:
        return RELEASE if done else QUEUE, WAITING, number
    return own, WAITING, number


def _summed(
    told: Own,
    segments: list[Segment],
    running: tuple[int, int, int, int] | None,
    moved: int,
    last_entry: int,
    *,
    recorded: tuple[int, int],
    marked: bool,
) -> Lean:
    stages: list[int | None] = [None] * _N
    modes = [0, 0, 0]
    pass_times = [0] * told.passes
    visits = [0] * _N
    reached: list[int | None] = [None] * _N
    rework, furthest, current, entered, again = 0, -1, -1, told.started, False
    for since, until, stage, mode, number in segments:
        length = until - since
        stages[stage] = (stages[stage] or 0) + length
        if mode != WAITING:
            modes[mode] += length
        pass_times[number - 1] += length
        if stage != current:
            current, entered = stage, since
            visits[stage] += 1
            again = stage <= furthest
            while furthest < stage:
                furthest += 1
                reached[furthest] = since
        if again:
            rework += length
    total = segments[-1][1] - told.started if segments else 0
    modes[WAITING] = total - modes[ACTIVE] - modes[HELD_UP]
    if running is not None:
        stage, mode, since, _ = running
        running = (stage, mode, entered if stage == current else since, since)
        while furthest < stage:
            furthest += 1
            reached[furthest] = since
    if told.finished is not None:
        while furthest < VERIFY:
            furthest += 1
            reached[furthest] = told.finished
    return Lean(
        told.started, told.received, told.finished, told.first_finish, told.ended, told.excluded,
        total, stages, modes, rework, pass_times, visits, told.passes,
        marked, running, moved, last_entry, reached, told.fixed_by, segments, *recorded,
    )  # fmt: skip

"""The cycle clock: from the events of one ticket and its linked tasks to segments, to the microsecond.

A pure function: no Django, no floats, no clock of its own. docs/cycle-clock.md is its definition in words.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from rnd.cycles.clock.course import Course, Moment, Story, course_of
from rnd.cycles.clock.events import Received
from rnd.cycles.clock.milestones import FIXED
from rnd.cycles.clock.stages import Mode, Stage
from rnd.cycles.clock.timeline import Moved, moved
from rnd.cycles.clock.way import Running, Segment, Way

# Counts up whenever the same entries would give other figures; every stored fact and every report names it.
DEFINITION: Final = 1


def wind(story: Story, *, now: int | None = None) -> Way | None:
    """Give the way of one ticket; None when it was not received (yet).

    With `now` (microseconds), an open ticket is counted up to then, and what claims to happen later is not read;
    without, the segment that is still running is left uncounted.
    """
    course = course_of(story, now=now)
    if course is None:
        return None
    last = course.phases[-1]
    finishes = [phase.closing.at for phase in course.phases if phase.closing and phase.closing.outcome == FIXED]
    finished = last.closing is not None and last.closing.outcome == FIXED
    segments, running = _segments(course.moments(), end=course.end)
    way = Way(
        started_at=course.start,
        received_at=course.own[0].at,
        segments=segments,
        passes=last.number,
        running=running,
        finished_at=course.end if finished else None,
        first_finish_at=min(finishes, default=None),
        fixed_by=last.closing.release if finished and last.closing else None,
        ended_at=course.end,
        excluded=_excluded(course),
        modes_recorded=any(task.marked for task in course.tasks),
        moved=_moved(course),
        last_entry_id=max(event.id for event in story.events if now is None or event.claimed <= now),
    )
    return way if now is None else way.at(now)


def _segments(moments: Iterable[Moment], *, end: int | None) -> tuple[tuple[Segment, ...], Running | None]:
    """Join the moments of one reading into segments; of an open ticket (no `end`) the last one is still running."""
    starts: list[tuple[int, tuple[Stage, Mode, int]]] = []
    for moment in moments:
        reading = moment.reading
        if not starts or starts[-1][1] != reading:
            starts.append((moment.at, reading))
    segments = tuple(Segment(since, until, *reading) for (since, reading), (until, _) in pairwise(starts))
    if not starts:
        return segments, None
    since, last = starts[-1]
    if end is not None:
        return (*segments, Segment(since, end, *last)), None
    entered = since
    for segment in reversed(segments):
        if segment.stage != last[0]:
            break
        entered = segment.since
    return segments, Running(since, entered, *last)


def _excluded(course: Course) -> str:
    """Why the statistics leave the ticket out; empty for one that counts."""
    last = course.phases[-1]
    if last.merged:
        return "merged"
    return last.closing.outcome if last.closing and last.closing.outcome != FIXED else ""


def _moved(course: Course) -> tuple[Moved, ...]:
    """Everything that does not count at the time it claims, the ticket's own entries first."""
    found = moved(course.own)
    received = course.own[0].event
    if isinstance(received, Received) and received.seen > course.own[0].at:
        found.insert(0, Moved(received.id, received.seen, course.own[0].at, field="seen_at"))
    for task in course.tasks:
        found += moved(task.timed)
    return tuple(found)

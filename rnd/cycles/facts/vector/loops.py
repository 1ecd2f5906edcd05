"""Many loops as arrays: what `lean.rows` has as one tuple for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from rnd.cycles.clock import DEFINITION
from rnd.cycles.clock.stages import Mode, Stage
from rnd.cycles.facts.columnar.reading import NOTHING, Numbers
from rnd.cycles.facts.lean import bare
from rnd.cycles.facts.lean.clock import Lean
from rnd.cycles.facts.lean.rows import NUMBERS, SMALL, WORDS, Row, bounds_of, codes_of
from rnd.cycles.facts.vector.course import Course, Stories
from rnd.cycles.facts.vector.flat import begins, firsts_of, latest, ranges, sums

_STAGES, _MODES = len(Stage), len(Mode)
_AT: Final = {name: place for place, name in enumerate(NUMBERS)}
_EXCLUDED: Final = {word: place for place, word in enumerate(WORDS["excluded"])}
# What is left out of an outcome, by its place in bare.OUTCOMES; of an open ticket (-1) and a fixed one nothing.
_LEFT_OUT: Final = np.array([0, *[_EXCLUDED[name] for name in bare.OUTCOMES[1:]], 0])


@dataclass(frozen=True, slots=True)
class Loops:
    """Loops with their courses; in numbers and moments NOTHING stands for null.

    What a loop has several of stands flat, those of one behind those of another.
    """

    numbers: Numbers  # by name in NUMBERS, and loop
    words: Numbers  # by name in WORDS, and loop: the place of the word
    small: Numbers  # by name in SMALL, and loop
    visits: Numbers  # by loop, and stage
    reached: Numbers  # by loop, and stage
    pass_us: Numbers  # flat: as many as there are passes
    segments: Numbers  # of each loop, how many
    bounds: Numbers  # flat: one more than segments
    codes: Numbers  # flat: as many as segments

    def __len__(self) -> int:
        return len(self.tickets)

    @property
    def tickets(self) -> Numbers:
        return self.of("ticket_id")

    def of(self, name: str) -> Numbers:
        """Give one of the numbers, by loop."""
        values: Numbers = self.numbers[_AT[name]]
        return values

    @property
    def included(self) -> Any:
        """Tell which of them count."""
        return self.words[list(WORDS).index("excluded")] == 0

    def rows(self) -> list[Row]:
        """Give each as a tuple, as they are stored."""
        numbers = [with_none(values) for values in self.numbers]
        words = [
            [known[place] for place in places]
            for known, places in zip(WORDS.values(), self.words.tolist(), strict=True)
        ]
        small = self.small.tolist()
        small[1] = [recorded != 0 for recorded in small[1]]
        passes = _split(self.pass_us.tolist(), small[0])
        reached = [with_none(values) for values in self.reached]
        return list(zip(*numbers, *words, *small, passes, self.visits.tolist(), reached, strict=True))

    def taken(self, which: Sequence[int]) -> Loops:
        """Give those at some places."""
        places = np.array(which, np.int64)
        passes = ranges(firsts_of(self.small[0])[places], self.small[0][places])
        codes = ranges(firsts_of(self.segments)[places], self.segments[places])
        bounds = ranges(firsts_of(self.segments + 1)[places], self.segments[places] + 1)
        return Loops(
            self.numbers[:, places], self.words[:, places], self.small[:, places], self.visits[places],
            self.reached[places], self.pass_us[passes], self.segments[places], self.bounds[bounds], self.codes[codes],
        )  # fmt: skip


def with_none(values: Numbers) -> list[int | None]:
    """Give the values as Python has them."""
    found: list[int | None] = values.tolist()
    if NOTHING in found:
        found = [None if value == NOTHING else value for value in found]
    return found


def _split(values: list[int], counts: Iterable[int]) -> list[list[int]]:
    remaining, found, done = values, [], 0
    for count in counts:
        found.append(remaining[done : done + count])
        done += count
    return found


def loops_of(pairs: Sequence[tuple[Row, Lean]]) -> Loops:
    """Give rows and ways as arrays."""
    rows, ways = [row for row, _way in pairs], [way for _row, way in pairs]
    n, words = len(NUMBERS), len(NUMBERS) + len(WORDS)
    small = words + len(SMALL)
    return Loops(
        _numbers([row[:n] for row in rows], n).T,
        _numbers(
            [[known.index(word) for known, word in zip(WORDS.values(), row[n:words], strict=True)] for row in rows],
            len(WORDS),
        ).T,
        _numbers([row[words:small] for row in rows], len(SMALL)).T,
        _numbers([row[small + 1] for row in rows], _STAGES),
        _numbers([row[small + 2] for row in rows], _STAGES),
        _flat([row[small] for row in rows]),
        np.array([len(way.segments) for way in ways], np.int64),
        _flat([bounds_of(way) for way in ways]),
        _flat([codes_of(way) for way in ways]),
    )


def _numbers(lists: Iterable[Sequence[int | None]], width: int) -> Numbers:
    found = [[NOTHING if value is None else value for value in values] for values in lists]
    return np.array(found, np.int64).reshape(len(found), width)


def _flat(lists: Iterable[Sequence[int]]) -> Numbers:
    return np.array([value for values in lists for value in values], np.int64)


def summed(told: Stories, course: Course, facets: Numbers, severity: Numbers) -> Loops:
    """Give what reports count of each course: `lean.clock._summed` for many tickets at once.

    `facets` are the first columns of NUMBERS, up to the release; `severity` is the place of the word.
    """
    own, n, over = told.own, len(told.own.ticket), course.until != NOTHING
    past = Course(*[values[over] for values in course])
    length = past.until - past.since
    stages, modes, total = _times(past, length, n)
    before = _furthest_before(course)
    visits, rework = _visits(past, length, before[over], n)
    stage, mode, entered, since = _running(course, n)
    passes = firsts_of(own.passes)[past.whose] + past.number - 1
    moved = own.moved + sums(told.ticket, told.work.moved[told.task], n)
    marked = sums(told.ticket, told.work.marked[told.task], n) > 0
    segments = np.bincount(past.whose, minlength=n)
    return Loops(
        np.stack([
            *facets, own.fixed_by, own.started, own.received, own.finished, own.first_finish, own.ended, total,
            *stages.T, *modes.T, rework, entered, since, *_read(told),
        ]),
        np.stack([
            severity, _LEFT_OUT[own.outcome], np.where(stage == NOTHING, 0, stage + 1),
            np.where(mode == NOTHING, 0, mode + 1),
        ]),
        np.stack([own.passes, marked, moved, np.full(n, DEFINITION)]),
        visits,
        _reached(course, before, own.finished),
        sums(passes, length, int(own.passes.sum())),
        segments,
        _bounds(own.started, past.until, segments),
        32 * past.number + _MODES * past.stage + past.mode,
    )  # fmt: skip


def _times(past: Course, length: Numbers, n: int) -> tuple[Numbers, Numbers, Numbers]:
    """Give the time in each stage (NOTHING: never there) and in each mode by ticket, and all time."""
    cell = past.whose * _STAGES + past.stage
    stages = sums(cell, length, n * _STAGES)
    stages[np.bincount(cell, minlength=n * _STAGES) == 0] = NOTHING
    modes = sums(past.whose * _MODES + past.mode, length, n * _MODES)
    return stages.reshape(n, _STAGES), modes.reshape(n, _MODES), sums(past.whose, length, n)


def _visits(past: Course, length: Numbers, before: Numbers, n: int) -> tuple[Numbers, Numbers]:
    """Give how often each ticket came to each stage, and the time in visits to where it had been as far before."""
    came = begins(past.whose, past.stage)
    visits = np.bincount((past.whose * _STAGES + past.stage)[came], minlength=n * _STAGES)
    again = (before >= past.stage)[latest(came)]
    return visits.reshape(n, _STAGES), sums(past.whose, length * again, n)


def _running(course: Course, n: int) -> Numbers:
    """Give of each open ticket stage and mode, since when it is in the stage, and since when all is as it is."""
    found = np.full((4, n), NOTHING)
    last = np.flatnonzero(course.until == NOTHING)
    came = latest(begins(course.whose, course.stage))[last]
    found[:, course.whose[last]] = course.stage[last], course.mode[last], course.since[came], course.since[last]
    return found


def _reached(course: Course, before: Numbers, finished: Numbers) -> Numbers:
    """Give when each ticket first came to each stage or beyond it; who is finished has come to all."""
    found = np.repeat(finished[:, None], _STAGES, axis=1)
    for place in range(_STAGES):
        first = (before < place) & (course.stage >= place)
        found[course.whose[first], place] = course.since[first]
    return found


def _bounds(started: Numbers, until: Numbers, segments: Numbers) -> Numbers:
    """Give when each course began, and when each of its segments ended."""
    found = np.empty(len(started) + len(until), np.int64)
    first = firsts_of(segments + 1)
    found[first] = started
    found[ranges(first + 1, segments)] = until
    return found


def _read(told: Stories) -> tuple[Numbers, Numbers, Numbers]:
    """Give the newest entry that was read for each ticket, and when the first and the last of all were recorded."""
    own, work, ticket, task = told.own, told.work, told.read_ticket, told.read_task
    newest, first, last = own.last_entry.copy(), own.recorded_from.copy(), own.recorded_to.copy()
    np.maximum.at(newest, ticket, work.last_entry[task])
    np.minimum.at(first, ticket, work.recorded_from[task])
    np.maximum.at(last, ticket, work.recorded_to[task])
    return newest, first, last


def _furthest_before(course: Course) -> Numbers:
    """Give how far the ticket had come before each part of its course: the place of a stage, or -1."""
    # Those of later tickets lie above whatever those before have come to.
    above = course.whose * (_STAGES + 1)
    furthest = np.maximum.accumulate(course.stage + above) - above
    before = np.append(-1, furthest)[: len(furthest)]
    before[begins(course.whose)] = -1
    return before

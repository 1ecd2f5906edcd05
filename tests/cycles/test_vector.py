"""The clock over arrays gives, for any tickets and tasks together, what is given for each of them by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rnd.cycles.clock.course import Story
from rnd.cycles.clock.events import TicketEvent
from rnd.cycles.facts.columnar.reading import NOTHING
from rnd.cycles.facts.lean import bare as b
from rnd.cycles.facts.lean import clock as lean
from rnd.cycles.facts.lean import parts, rows
from rnd.cycles.facts.lean.harvest import Facets
from rnd.cycles.facts.vector import parts as vector_parts
from rnd.cycles.facts.vector.clock import Tickets, wind
from rnd.cycles.facts.vector.entries import UNKNOWN, Entries
from rnd.cycles.facts.vector.loops import Loops, loops_of
from tests.cycles.test_lean import bare
from tests.cycles.worlds import MOVES, TICKET, any_story

some = settings(max_examples=300, deadline=None)
# So far apart lie the numbers of the tickets and tasks of one story and those of the next.
APART = 1000


def entries(told: Iterable[Sequence[int]], birth: int) -> Entries:
    """Give events as arrays, in any order before they are sorted."""
    shuffled = list(told)
    Random(len(shuffled)).shuffle(shuffled)
    return Entries(*np.array(shuffled, np.int64).reshape(-1, len(Entries._fields)).T).sorted(birth)


def moved_apart(story: Story, by: int) -> tuple[list[b.Event], dict[int, list[b.Event]]]:
    """Give the ticket's own events and those of its tasks, all numbers of tickets and tasks greater by so much."""
    own: list[b.Event] = []
    tasks: dict[int, list[b.Event]] = {}
    for event in story.events:
        claimed, recorded, entry, code, argument, occurred, subject = bare(event)
        if code in (b.LINKED, b.UNLINKED, b.MERGED):
            argument += by
        moved = claimed, recorded, entry + by, code, argument, occurred, subject + by
        (own if isinstance(event, TicketEvent) else tasks.setdefault(subject + by, [])).append(moved)
    return own, tasks


@some
@given(st.lists(any_story(), min_size=1, max_size=6))
def test_many_tickets_together_are_read_as_each_by_itself(stories: list[Story]) -> None:
    told = [moved_apart(story, APART * place) for place, story in enumerate(stories)]
    numbers = [TICKET + APART * place for place in range(len(stories))]
    facets = {number: Facets(1, 2, number % 7, None, 4, 5, "S2", "UTC") for number in numbers}
    pairs = [(number, task) for number, (_own, tasks) in zip(numbers, told, strict=True) for task in tasks]
    loops, odd = wind(
        entries([event for own, _tasks in told for event in own], b.RECEIVED),
        entries([event for _own, tasks in told for work in tasks.values() for event in work], b.OPENED),
        (np.array([pair[0] for pair in pairs], np.int64), np.array([pair[1] for pair in pairs], np.int64)),
        Tickets(
            np.array([[n, 1, 2, n % 7, NOTHING, 4, 5] for n in numbers], np.int64).T,
            np.full(len(numbers), rows.WORDS["severity"].index("S2")),
        ),
    )
    assert set(odd.tolist()) == {
        number for number, (own, _tasks) in zip(numbers, told, strict=True) if any(e[3] == b.MERGED for e in own)
    }
    ways = {}
    for number, (own, tasks) in zip(numbers, told, strict=True):
        if number not in odd:
            ways[number] = lean.wind(own, list(tasks.values()), {number})
    wanted = [(rows.row_of(n, facets[n], way), way) for n, way in ways.items() if way is not None]
    assert len(wanted) == len(ways)
    they_say(loops, wanted)
    they_say(loops_of(wanted), wanted)
    they_say(loops.taken(range(1, len(loops))), wanted[1:])


def they_say(loops: Loops, wanted: list[tuple[rows.Row, lean.Lean]]) -> None:
    assert loops.rows() == [row for row, _way in wanted]
    assert loops.bounds.tolist() == [bound for _row, way in wanted for bound in rows.bounds_of(way)]
    assert loops.codes.tolist() == [code for _row, way in wanted for code in rows.codes_of(way)]
    assert loops.segments.tolist() == [len(way.segments) for _row, way in wanted]


def test_what_nobody_knows_is_left_to_the_lean_clock() -> None:
    """It refuses it, and names it."""
    received = [(3, 3, entry, b.RECEIVED, 1, 3, ticket) for entry, ticket in enumerate((7, 8, 9), start=1)]
    verdict = (5, 5, 4, b.VERDICT, UNKNOWN, 5, 7)
    work = [
        (4, 4, 5, b.OPENED, 0, 4, 1), (4, 4, 6, b.LINKED, 8, 4, 1), (6, 6, 7, b.MOVED, UNKNOWN, 6, 1),
    ]  # fmt: skip
    loops, odd = wind(
        entries([*received, verdict], b.RECEIVED), entries(work, b.OPENED), (np.array([8]), np.array([1])),
        Tickets(np.array([[n, 1, 2, 3, NOTHING, 4, 5] for n in (7, 8, 9)], np.int64).T, np.full(3, 2)),
    )  # fmt: skip
    assert sorted(odd.tolist()) == [7, 8]
    assert loops.tickets.tolist() == [9]


def test_nothing_is_told_of_nothing() -> None:
    nothing = entries([], b.RECEIVED)
    tickets = Tickets(np.empty((7, 0), np.int64), np.empty(0, np.int64))
    loops, odd = wind(nothing, nothing, (np.empty(0, np.int64), np.empty(0, np.int64)), tickets)
    assert (len(loops), loops.rows(), odd.tolist()) == (0, [], [])
    found, odd = vector_parts.parts_of(nothing, [], np.empty((3, 0), np.int64))
    assert (found.rows(), odd.tolist()) == ([], [])


REASONS = ["parts", "", "parts"]
TASKS = 4
moments = st.integers(min_value=0, max_value=20)


@st.composite
def works(draw: st.DrawFn) -> list[Any]:
    """Any entries of a few tasks: (claimed, recorded, id, code, argument, occurred, task, team, reason)."""
    found = []
    for entry in range(1, draw(st.integers(min_value=0, max_value=30)) + 1):
        code = draw(st.sampled_from([b.OPENED, b.MOVED, b.MOVED, b.ASSIGNED, b.ASSIGNED, b.BLOCKED, b.UNBLOCKED]))
        occurred, recorded = draw(moments), draw(moments)
        argument = draw(st.integers(0, len(MOVES) - 1)) if code == b.MOVED else draw(st.integers(0, 1))
        team = draw(st.sampled_from([None, 1, 2, 3])) if code in (b.OPENED, b.ASSIGNED) else None
        reason = draw(st.integers(0, len(REASONS) - 1)) if code == b.BLOCKED else None
        task = draw(st.integers(1, TASKS))
        found.append((min(occurred, recorded), recorded, entry, code, argument, occurred, task, team, reason))
    return found


@some
@given(works())
def test_the_parts_of_many_tasks_are_those_of_each(told: list[Any]) -> None:
    arrays = []
    for *event, team, reason in told:
        said = {
            b.OPENED: team or 0,
            b.ASSIGNED: 2 * (team or 0) + event[4],
            b.MOVED: event[4],
            b.BLOCKED: reason,
            b.UNBLOCKED: 0,
        }
        arrays.append((*event[:4], said[event[3]], *event[5:]))
    facets = {task: (task, 10, 20 + task) for task in range(1, TASKS)}  # of the last one nothing is known
    found, odd = vector_parts.parts_of(entries(arrays, b.OPENED), REASONS, np.array(list(facets.values()), np.int64).T)
    assert odd.tolist() == []
    wanted = []
    for task, known in facets.items():
        own = [
            (*event, team, None if reason is None else REASONS[reason])
            for *event, team, reason in told
            if event[6] == task
        ]
        wanted += parts.parts_of(known, own) if own else []
    assert sorted(found.rows(), key=repr) == sorted(wanted, key=repr)

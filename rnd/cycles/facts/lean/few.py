"""The same as `harvest` for a few tickets, as one entry touches them: in as few queries as can be, planned once."""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple

from rnd.cycles.facts.lean import bare
from rnd.cycles.facts.lean.clock import Lean, wind
from rnd.cycles.facts.lean.harvest import OF_EITHER, Facets, into_of, together, work_of
from rnd.cycles.facts.lean.rows import COLUMNS, LISTS, WORDS, Row
from rnd.cycles.facts.lean.storing import MOMENTS, NUMBERS
from rnd.cycles.facts.raw import Cursor, array, rows
from rnd.cycles.facts.reading import Touched
from rnd.cycles.facts.turns import BLOCK, Turn

# Between when entries were recorded.
Span = tuple[datetime, datetime]

# The function waits for whoever computes the same tickets. Entries are computed with behind the journal's months, not
# in each of them: to prepare that takes longer than to read.
_STORY: Final = (
    f"SELECT {OF_EITHER}, type, facets, tasks, words, numbers, moments, pass_us, visits, reached, bounds, readings "
    "FROM cycles_story({tickets}, %s::int, %s::int, %s::timestamptz, %s::timestamptz, %s)"
)
# Where in the arrays of a stored loop, one behind the other, each column stands.
_IN_ARRAYS: Final = (*NUMBERS, *MOMENTS, *WORDS, *LISTS)
_ORDER: Final = [_IN_ARRAYS.index(name) for name in COLUMNS]
_LINKS: Final = "SELECT ticket_id, task_id FROM engineering_taskticket WHERE ticket_id = ANY(%s::bigint[])"


def harvest_few(
    cursor: Cursor, touched: Touched, turn: Turn, recorded: Span | None
) -> tuple[dict[int, tuple[Facets, Lean]], dict[int, Known]]:
    """Give the way of each touched ticket that was received, and what is stored of each; one query for all.

    Before it reads, it waits for its turn. `recorded` says between when what is new was recorded, if that is nothing
    but entries of the tickets and of tasks that were linked before: the others then lie between when the loops say.
    """
    read = _read(cursor, touched, turn, recorded)
    if recorded and not all(_begins(read.work.get(task, ())) for tasks in read.tasks.values() for task in tasks):
        # A task that was linked meanwhile: its entries may lie anywhere.
        read = _read(cursor, touched, turn, None)
    facets, stored, own, work, tasks_of = read
    found = {}
    for ticket, its_facets in facets.items():
        events = own.get(ticket, [])
        tickets_of: Collection[int] = (ticket,)
        numbers = tasks_of[ticket]
        if any(event[3] == bare.MERGED for event in events):
            tickets_of = {ticket, *into_of(events)}
            numbers = _tasks_together(cursor, tickets_of)
            work |= work_of(cursor, {*numbers} - work.keys())
        # The clock sorts them in place, and two tickets may share a task.
        way = wind(events, [work[task] for task in numbers if task in work], tickets_of)
        if way is not None:
            found[ticket] = its_facets, way
    return found, stored


class Known(NamedTuple):
    """What is stored of a loop: its row, and its course (see `rows.course_of`)."""

    row: Row
    course: tuple[list[int], list[int]]


class _Read(NamedTuple):
    """What there is of some tickets, by ticket; the events of their tasks are by task."""

    facets: dict[int, Facets]
    stored: dict[int, Known]
    own: dict[int, list[bare.Event]]
    work: dict[int, list[bare.Event]]
    tasks: dict[int, Collection[int]]


def _read(cursor: Cursor, touched: Touched, turn: Turn, recorded: Span | None) -> _Read:
    read = _Read({}, {}, {}, {}, {})
    tickets, params = touched.among()
    asked = (turn.kind, BLOCK, *(recorded or (None, None)), turn.by_session and not turn.has_begun)
    told = rows(cursor, _STORY.format(tickets=tickets), *params, *asked, often=True)
    turn.begun(row[6] for row in told if row[7] == "loop")
    seen = set()  # what is said of a task comes once for each ticket that it serves
    for row in told:
        number, kind = row[6:8]
        if kind == "loop":
            facets, tasks, words, numbers, moments, *lists, bounds, codes = row[8:]
            if facets is not None:
                read.facets[number] = Facets(*facets, *words[:2])
                read.tasks[number] = tasks
            if numbers[0] is not None:
                values = (*numbers, *moments, *words[2:], *lists)
                read.stored[number] = Known(tuple([values[place] for place in _ORDER]), (bounds, codes))
        elif row[3] is not None and row[2] not in seen:
            seen.add(row[2])
            (read.own if kind == "ticket" else read.work).setdefault(number, []).append(row[:7])
    return read


def _begins(events: Collection[bare.Event]) -> bool:
    """Tell whether the first entry of a task is among its events."""
    return any(event[3] == bare.OPENED for event in events)


def _tasks_together(cursor: Cursor, tickets: Collection[int]) -> set[int]:
    """Give the tasks of tickets of which one follows the other."""
    links: dict[int, list[int]] = {}
    found = rows(cursor, _LINKS, array(tickets), often=True)
    for ticket, task in found:
        links.setdefault(ticket, []).append(task)
    return together(tickets, links)

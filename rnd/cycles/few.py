"""The same as `harvest.py` for a few tickets, as one entry touches them: in as few queries as can be, planned once."""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from rnd.cycles import bare
from rnd.cycles.harvest import OF_EITHER, Cursor, Facets, into_of, together, work_of
from rnd.cycles.lean import Lean, wind
from rnd.cycles.raw import array, rows
from rnd.cycles.rows import COLUMNS, Row

# Between when entries were recorded.
Span = tuple[datetime, datetime]

_FACETS: Final = 8
_TICKETS: Final = f"""
SELECT n, t.programme_id, t.platform_id, t.component_id, t.hardware_id, t.team_id, t.release_id, t.severity,
    p.time_zone, ARRAY(SELECT task_id FROM engineering_taskticket WHERE ticket_id = n),
    {", ".join(f"l.{column}" for column in COLUMNS)}
FROM unnest(%s::bigint[]) AS n LEFT JOIN frontline_feedback_ticket t ON t.id = n
LEFT JOIN catalogue_programme p ON p.id = t.programme_id LEFT JOIN cycles_loop l ON l.ticket_id = n
"""
# The function waits for whoever computes the same tickets; its entries are computed with behind the journal's months,
# not in each of them: to prepare that takes longer than to read.
_EVENTS: Final = (
    f"SELECT {OF_EITHER}, type = 'ticket' "
    "FROM cycles_entries(%s::bigint[], %s::int, %s::int[], %s::timestamptz, %s::timestamptz)"
)
_LINKS: Final = "SELECT ticket_id, task_id FROM engineering_taskticket WHERE ticket_id = ANY(%s::bigint[])"


def harvest_few(
    cursor: Cursor, tickets: Collection[int], locks: tuple[int, Collection[int]], recorded: Span | None
) -> tuple[dict[int, tuple[Facets, Lean]], dict[int, Row]]:
    """Give the way of each ticket that was received, and the row that is stored of each; two queries for all.

    Before it reads, it takes the `locks`. `recorded` says between when what is new was recorded, if that is nothing but
    entries of the tickets and of tasks that were linked before: the others then lie between when the loops say.
    """
    own, work = _events(cursor, tickets, locks, recorded)
    facets: dict[int, Facets] = {}
    stored: dict[int, Row] = {}
    tasks_of: dict[int, Collection[int]] = {}
    for number, *row in rows(cursor, _TICKETS, array(tickets), often=True):
        if row[0] is not None:
            facets[number] = Facets(*row[:_FACETS])
            tasks_of[number] = row[_FACETS]
        if row[_FACETS + 1] is not None:
            stored[number] = tuple(row[_FACETS + 1 :])
    if recorded and not all(_begins(work.get(task, ())) for tasks in tasks_of.values() for task in tasks):
        # A task that was linked meanwhile: its entries may lie anywhere.
        own, work = _events(cursor, tickets, locks, None)
    found = {}
    for ticket, its_facets in facets.items():
        events = own[ticket]
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


def _events(
    cursor: Cursor, tickets: Collection[int], locks: tuple[int, Collection[int]], recorded: Span | None
) -> tuple[dict[int, list[bare.Event]], dict[int, list[bare.Event]]]:
    """Give the events of the tickets and those of their tasks."""
    own: dict[int, list[bare.Event]] = {ticket: [] for ticket in tickets}
    work: dict[int, list[bare.Event]] = {}
    since, until = recorded or (None, None)
    for row in rows(cursor, _EVENTS, array(tickets), locks[0], array(locks[1]), since, until, often=True):
        if row[3] is not None:
            (own[row[6]] if row[7] else work.setdefault(row[6], [])).append(row[:7])
    return own, work


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

"""Reads the journal for the lean clock: the entries of many tickets and their tasks as bare integers, a few queries."""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, LiteralString

from rnd.cycles.facts.lean import bare
from rnd.cycles.facts.lean.clock import Lean, wind
from rnd.cycles.facts.raw import Cursor, among, rows


def _case(subject: LiteralString, whens: dict[str, int]) -> str:
    told = " ".join(f"WHEN '{name}' THEN {place}" for name, place in whens.items())
    return f"CASE {subject} {told} END"


def _columns(*prefixes: str, subject: LiteralString = "subject_id") -> LiteralString:
    """Give the columns of a bare event; what the clock does not read has the code NULL.

    An outcome or stage that nobody knows gives NULL as its argument, which the clock refuses.
    """
    codes = {kind: code for kind, code in bare.CODES.items() if kind.startswith(prefixes)}
    arguments = " ".join(f"WHEN '{kind}' THEN {told}" for kind, told in ARGUMENTS.items() if kind in codes)
    return (
        f"least(occurred_at, recorded_at), recorded_at, id, {_case('kind', codes)}, CASE kind {arguments} ELSE 0 END, "
        f"occurred_at, {subject}"
    )


_OUTCOME: Final = _case("data->>'outcome'", {name: place for place, name in enumerate(bare.OUTCOMES)})
ARGUMENTS: Final = {
    # Exact: epoch is numeric, and counts from 1970 where PostgreSQL itself counts from 2000.
    "ticket.received": "(extract(epoch FROM (data->>'seen_at')::timestamptz) * 1000000)::bigint - 946684800000000",
    "ticket.verdict_given": f"({_OUTCOME}) + 8 * (data->>'release_id')::bigint",
    "ticket.closed": _OUTCOME,
    "ticket.merged": "(data->>'into_id')::bigint",
    "task.moved": _case("data->>'to_stage'", {name: place for place, name in enumerate(bare.MOVES)}),
    "task.assigned": "CASE WHEN data->>'assignee_id' IS NULL THEN 0 ELSE 1 END",
    "task.linked": "(data->>'ticket_id')::bigint",
    "task.unlinked": "(data->>'ticket_id')::bigint",
}
OF_TICKET: Final = _columns("ticket.")
OF_TASK: Final = _columns("task.")
OF_EITHER: Final = _columns("ticket.", "task.", subject="n")


@dataclass(frozen=True, slots=True)
class Facets:
    """What reports filter a ticket by, as it says now, and the zone of its programme's days."""

    programme: int
    platform: int
    component: int
    hardware: int | None
    team: int
    release: int | None
    severity: str
    zone: str


def harvest(cursor: Cursor, tickets: Collection[int]) -> dict[int, tuple[Facets, Lean]]:
    """Give the way of each ticket that was received, from the journal as it is now; four queries for all of them."""
    facets = _facets(cursor, tickets)
    own, followed = _own(cursor, facets)
    served = {ticket for some in followed.values() for ticket in some}
    tasks_of: dict[int, list[int]] = {}
    if facets:
        where, params = among("ticket_id", facets.keys() | served)
        links = rows(cursor, f"SELECT ticket_id, task_id FROM engineering_taskticket WHERE {where}", *params)
        for ticket, task in links:
            tasks_of.setdefault(ticket, []).append(task)
    work = work_of(cursor, {task for some in tasks_of.values() for task in some})
    found = {}
    for ticket, events in own.items():
        tickets_of = followed.get(ticket) or (ticket,)
        numbers = tasks_of.get(ticket, ()) if len(tickets_of) == 1 else together(tickets_of, tasks_of)
        way = wind(events, [work[task] for task in numbers if task in work], tickets_of)
        if way is not None:
            found[ticket] = facets[ticket], way
    return found


def _facets(cursor: Cursor, tickets: Collection[int]) -> dict[int, Facets]:
    if not tickets:
        return {}
    where, params = among("t.id", tickets)
    found = rows(
        cursor,
        "SELECT t.id, t.programme_id, t.platform_id, t.component_id, t.hardware_id, t.team_id, t.release_id, "
        "t.severity, p.time_zone FROM frontline_feedback_ticket t "
        f"JOIN catalogue_programme p ON p.id = t.programme_id WHERE {where}",
        *params,
    )
    wanted = set(tickets)
    return {row[0]: Facets(*row[1:]) for row in found if row[0] in wanted}


def _own(cursor: Cursor, facets: Collection[int]) -> tuple[dict[int, list[bare.Event]], dict[int, set[int]]]:
    """Give the tickets' own events, and for each that was ever merged the tickets whose tasks count for it."""
    own: dict[int, list[bare.Event]] = {ticket: [] for ticket in facets}
    if not own:
        return own, {}
    where, params = among("subject_id", own)
    query = f"SELECT {OF_TICKET} FROM journal_entry WHERE subject_type = 'ticket' AND {where}"
    merged: set[int] = set()
    for row in rows(cursor, query, *params):
        code, ticket = row[3], row[6]
        if code is not None and ticket in own:
            own[ticket].append(row)
            if code == bare.MERGED:
                merged.add(ticket)
    return own, {ticket: {ticket, *into_of(own[ticket])} for ticket in merged}


def into_of(events: list[bare.Event]) -> set[int]:
    """Give the ticket that this one follows; merging and reopening are recorded in the order in which they held."""
    into: set[int] = set()
    for _entry, code, other in sorted((event[2], event[3], event[4]) for event in events):
        if code == bare.MERGED:
            into = {other}
        elif code == bare.REOPENED:
            into = set()
    return into


def work_of(cursor: Cursor, tasks: set[int]) -> dict[int, list[bare.Event]]:
    if not tasks:
        return {}
    where, params = among("subject_id", tasks)
    query = f"SELECT {OF_TASK} FROM journal_entry WHERE subject_type = 'task' AND {where}"
    work: dict[int, list[bare.Event]] = {}
    for row in rows(cursor, query, *params):
        if row[3] is not None and row[6] in tasks:
            events = work.get(row[6])
            if events is None:
                work[row[6]] = [row]
            else:
                events.append(row)
    return work


def together(tickets: Collection[int], tasks_of: dict[int, list[int]]) -> set[int]:
    return {task for ticket in tickets for task in tasks_of.get(ticket, ())}

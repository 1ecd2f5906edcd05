"""Reads the journal's entries of many tickets or tasks as arrays: PostgreSQL gathers each column by itself."""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Final, LiteralString, NamedTuple

import numpy as np
from psycopg.pq.abc import PGresult

from rnd.cycles.facts.columnar.reading import Mask, Numbers
from rnd.cycles.facts.lean import bare
from rnd.cycles.facts.lean.harvest import ARGUMENTS
from rnd.cycles.facts.raw import Cursor, among
from rnd.cycles.facts.vector.flat import begins, latest

# What stands in place of an argument that nobody knows; the lean clock refuses it.
UNKNOWN: Final = -1
_CODE: Final = 5  # bits of a code, below those of its argument


class Entries(NamedTuple):
    """What the clock reads, an array for each field of `bare.Event`; moments are microseconds since 2000."""

    claimed: Numbers
    recorded: Numbers
    number: Numbers
    code: Numbers
    argument: Numbers
    occurred: Numbers
    subject: Numbers

    def sorted(self, birth: int) -> Entries:
        """Give them by subject, and those of each in the clock's order: its (first) birth goes before all others.

        An entry counts from the latest claim up to it, so nothing is before the birth.
        """
        found = self.taken(np.lexsort((self.number, self.recorded, self.claimed, self.subject)))
        births = np.flatnonzero(found.code == birth)
        births = births[begins(found.subject[births])]
        first = begins(found.subject)
        if first[births].all():
            return found
        later = np.ones(len(first), bool)
        later[births] = False
        found = found.taken(np.lexsort((later, found.subject)))
        return found._replace(claimed=np.maximum(found.claimed, found.claimed[latest(first)]))

    def taken(self, which: Numbers | Mask) -> Entries:
        """Give some of them."""
        return Entries(*[values[which] for values in self])


def _query(subject: LiteralString, arguments: Mapping[str, str], gathered: str = "", more: str = "") -> str:
    """Give the query for the entries of a subject: five arrays, and what is `gathered` out of `more` columns.

    `arguments` say by kind what an entry says besides its code. That is computed behind the journal's months, and once.
    """
    said = (
        f"WHEN '{kind}' THEN {bare.CODES[kind]} + {1 << _CODE} * coalesce({told}, {UNKNOWN})::bigint"
        for kind, told in arguments.items()
    )
    return (
        "SELECT array_agg(occurred_at), array_agg(recorded_at), array_agg(id), array_agg(said), array_agg(subject_id)"
        f"{gathered} FROM (SELECT occurred_at, recorded_at, id, subject_id, CASE kind {' '.join(said)} END AS said"
        f"{more} FROM (SELECT occurred_at, recorded_at, id, subject_id, kind, data FROM journal_entry "
        f"WHERE subject_type = '{subject}' AND {{}} OFFSET 0) AS entry OFFSET 0) AS told WHERE said IS NOT NULL"
    )


def coded(code: int) -> str:
    """Give the condition that keeps the entries of one code."""
    return f"said & {(1 << _CODE) - 1} = {code}"


def _arguments(prefix: str) -> dict[str, str]:
    return {kind: ARGUMENTS.get(kind, "0") for kind in bare.CODES if kind.startswith(prefix)}


# When it was seen has an array of its own: to count a moment from 1970 takes longer than to send it.
_OWN: Final = _query(
    "ticket",
    _arguments("ticket.") | {"ticket.received": "0"},
    f", array_agg(seen) FILTER (WHERE {coded(bare.RECEIVED)})",
    ", CASE kind WHEN 'ticket.received' THEN (data->>'seen_at')::timestamptz END AS seen",
)
_WORK: Final = _query("task", _arguments("task."))
# What parts are made of: with a team, and the text of each reason.
_PARTS: Final = _query(
    "task",
    {
        "task.opened": "coalesce((data->>'team_id')::bigint, 0)",
        "task.assigned": (
            "2 * coalesce((data->>'team_id')::bigint, 0) + CASE WHEN data->>'assignee_id' IS NULL THEN 0 ELSE 1 END"
        ),
        "task.moved": ARGUMENTS["task.moved"],
        "task.blocked": "0",
        "task.unblocked": "0",
    },
    f", json_agg(reason) FILTER (WHERE {coded(bare.BLOCKED)})::text",
    ", CASE kind WHEN 'task.blocked' THEN coalesce(data->>'reason', '') END AS reason",
)


def own_entries(cursor: Cursor, tickets: Collection[int]) -> Entries:
    """Give the entries of the tickets (and perhaps of some between them)."""
    *told, seen = gathered(cursor, _OWN, tickets)
    entries = _entries(*told)
    entries.argument[entries.code == bare.RECEIVED] = seen
    return entries.sorted(bare.RECEIVED)


def work_entries(cursor: Cursor, tasks: Collection[int]) -> Entries:
    """Give the entries of the tasks (and perhaps of some between them)."""
    return _entries(*gathered(cursor, _WORK, tasks)).sorted(bare.OPENED)


def parts_entries(cursor: Cursor, tasks: Collection[int]) -> tuple[Entries, list[str]]:
    """Give the entries that parts are made of, and all reasons for a block, which stand as a place in them.

    The argument of an opening is the team's number (0: nobody's); of an assignment twice that, and 1 if to somebody.
    """
    result = _asked(cursor, _PARTS, tasks, "subject_id")
    *told, reasons = (result.get_value(0, place) for place in range(result.nfields))
    entries = _entries(*map(_array, told))
    blocked = entries.code == bare.BLOCKED
    entries.argument[blocked] = np.arange(blocked.sum())
    return entries.sorted(bare.OPENED), json.loads(reasons or "[]")


def gathered(
    cursor: Cursor, query: str, numbers: Collection[int], column: LiteralString = "subject_id"
) -> list[Numbers]:
    """Give the arrays that a query gathers about so many numbers; `{}` in it stands for its condition on the column."""
    result = _asked(cursor, query, numbers, column)
    return [_array(result.get_value(0, place)) for place in range(result.nfields)]


def _asked(cursor: Cursor, query: str, numbers: Collection[int], column: LiteralString) -> PGresult:
    where, params = among(column, numbers)
    result = cursor.execute(query.format(where).encode(), params, binary=True).pgresult
    assert result is not None, "a query has a result"
    return result


# How PostgreSQL sends an array of one dimension without nulls: a header, and the length before each element.
_HEADER: Final = 20
_ELEMENT: Final = np.dtype([("length", ">i4"), ("value", ">i8")])


def _array(packed: bytes | None) -> Numbers:
    if packed is None:
        return np.empty(0, np.int64)
    return np.frombuffer(packed, _ELEMENT, offset=_HEADER)["value"].astype(np.int64)


def _entries(occurred: Numbers, recorded: Numbers, number: Numbers, said: Numbers, subject: Numbers) -> Entries:
    code, told = said & ((1 << _CODE) - 1), said >> _CODE
    return Entries(np.minimum(occurred, recorded), recorded, number, code, told, occurred, subject)

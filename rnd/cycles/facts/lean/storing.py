"""Stores the changed loop of one ticket, and all that follows from it, in one statement: what an entry asks for.

Many loops come by COPY (`vector.storing`). For one, to send and prepare six statements takes longer than what they do.
What stays as it is, is not written: no course, no cell of the flow, no mark that a slab is stale already.
"""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from itertools import count, islice
from typing import Any, Final

from rnd.cycles.facts.columnar.work import TOUCH_SERVING
from rnd.cycles.facts.lean.clock import Lean
from rnd.cycles.facts.lean.rows import COLUMNS, LISTS, PLACE, READ, WORDS, Row, course_of
from rnd.cycles.facts.raw import BIGINT, MOMENT, Cursor, Packed, array
from rnd.cycles.facts.rollups import ADD, TOUCH, TOUCH_SLABS, Changes
from rnd.cycles.facts.turns import Turn, given_back

MOMENTS: Final = (
    "started_at", "received_at", "finished_at", "first_finish_at", "ended_at", "current_since", "running_since",
    "recorded_from", "recorded_to",
)  # fmt: skip
NUMBERS: Final = tuple(name for name in COLUMNS if name not in {*MOMENTS, *WORDS, *LISTS})
_NUMBERS_AT, _MOMENTS_AT, _WORDS_AT, _LISTS_AT = (
    [PLACE[name] for name in names] for names in (NUMBERS, MOMENTS, WORDS, LISTS)
)


def fits(gone: Collection[Row], fresh: Collection[tuple[Row, Lean]]) -> bool:
    """Tell whether only one loop is new or changed."""
    return len(fresh) == 1 and all(old[0] == row[0] for old in gone for row, _way in fresh)


def note(cursor: Cursor, turn: Turn, row: Row) -> None:
    """Store of a loop that is known how far the journal was read, where that is all that is new; ends the turn."""
    ticket, last, since, until = (row[PLACE[name]] for name in ("ticket_id", *READ))
    _end(cursor, turn, _NOTE, [Packed(BIGINT, [ticket, last]), Packed(MOMENT, [since, until])])


def store(
    cursor: Cursor, turn: Turn, row: Row, way: Lean, changes: Changes, *, known: bool, course: bool, refiled: bool
) -> None:
    """Store a row and the roll-ups, in place of the one that is `known`, and its course if that is to be changed.

    `refiled`: reports find it by other filters than before, and so the tasks that serve it. It ends the turn.
    """
    pass_us, visits, reached = (row[place] for place in _LISTS_AT)
    given: list[Any] = [
        Packed(BIGINT, [row[place] for place in _NUMBERS_AT]), Packed(MOMENT, [row[place] for place in _MOMENTS_AT]),
        _words(row[place] for place in _WORDS_AT), Packed(BIGINT, pass_us), array(visits), Packed(MOMENT, reached),
    ]  # fmt: skip
    if course:
        bounds, codes = course_of(way)
        given += [Packed(MOMENT, bounds), array(codes)]
    cells, finishes = changes.cells(), bool(changes.finishes)
    given += cells
    if finishes:
        given += [*changes.spans(), *changes.slabs()]
    query = _statement(known=known, course=course, flow=bool(cells), finishes=finishes, refiled=refiled)
    _end(cursor, turn, query, given)


def _end(cursor: Cursor, turn: Turn, query: bytes, given: list[Any]) -> None:
    """Execute what changes the row of a loop; it is the last statement of the turn."""
    if not turn.by_session:
        cursor.beside.execute(query, given, prepare=True)
        return
    query = _ending(query, turn.kind, f"${len(given) + 1}")
    turn.end(cursor.beside.execute(query, [*given, turn.places], prepare=True).fetchone())


@cache
def _ending(query: bytes, kind: int, places: str) -> bytes:
    return b"%s RETURNING %s" % (query, given_back(kind, places).encode())


def _words(words: Iterable[str]) -> str:
    """Give plain words, which may be empty, for `$n::text[]`."""
    return array(f'"{word}"' for word in words)


# The parameters $1 to $6 of every statement, as `store` gives them.
_NUMBER, _MOMENT, _WORD = "($1::bigint[])", "($2::timestamptz[])", "($3::text[])"
_VALUES: Final = {
    **{name: f"{_NUMBER}[{place}]" for place, name in enumerate(NUMBERS, start=1)},
    **{name: f"{_MOMENT}[{place}]" for place, name in enumerate(MOMENTS, start=1)},
    **{name: f"{_WORD}[{place}]" for place, name in enumerate(WORDS, start=1)},
    **{name: f"${place}::{type_}" for place, (name, type_) in enumerate(LISTS.items(), start=4)},
    "modes_recorded": f"{_NUMBER}[{NUMBERS.index('modes_recorded') + 1}] <> 0",
}
_TICKET: Final = _VALUES["ticket_id"]
_CHANGED: Final = (
    f"UPDATE cycles_course SET bounds = {{}}::timestamptz[], readings = {{}}::int[] WHERE loop_id = {_TICKET}"
)
_CAME: Final = (
    f"INSERT INTO cycles_course (loop_id, bounds, readings) SELECT {_TICKET}, {{}}::timestamptz[], {{}}::int[]"
)
_NOTE: Final = (
    f"UPDATE cycles_loop SET last_entry_id = {_NUMBER}[2], recorded_from = {_MOMENT}[1], recorded_to = {_MOMENT}[2] "
    f"WHERE ticket_id = {_NUMBER}[1]"
).encode()


@cache
def _statement(*, known: bool, course: bool, flow: bool, finishes: bool, refiled: bool) -> bytes:
    """Give the statement for a loop that is `known` or new, and what changes with it.

    The roll-ups change in the order that all writers keep to.
    """
    places = (f"${number}" for number in count(7))
    parts = {}
    if course:
        parts["course"] = (_CHANGED if known else _CAME).format(*islice(places, 2))
    if flow:
        parts["flow"] = _filled(ADD, places)
    if finishes:
        parts["spans"] = _filled(TOUCH, places, _after("flow", parts))
        parts["slabs"] = _filled(TOUCH_SLABS, places, _after("spans", parts))
    if refiled:
        parts["weeks"] = TOUCH_SERVING.format(tickets=f"ARRAY[{_TICKET}]", after=_after("slabs", parts, "AND"))
    told = ", ".join(f"{name} AS ({part} RETURNING 1)" for name, part in parts.items())
    first = f"WITH {told} " if parts else ""
    if known:
        changes = ", ".join(f"{name} = {_VALUES[name]}" for name in COLUMNS if name != "ticket_id")
        return f"{first}UPDATE cycles_loop SET {changes} WHERE ticket_id = {_TICKET}".encode()
    values = ", ".join(_VALUES[name] for name in COLUMNS)
    return f"{first}INSERT INTO cycles_loop ({', '.join(COLUMNS)}) SELECT {values}".encode()


def _after(name: str, parts: Collection[str], word: str = "WHERE") -> str:
    """Give the condition that lets a part of the statement wait until another one is done."""
    return f"{word} (SELECT count(*) FROM {name}) >= 0" if name in parts else ""


def _filled(statement: str, places: Iterator[str], after: str = "") -> str:
    return statement.format(*islice(places, 4), after=after)

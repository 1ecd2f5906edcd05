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
from rnd.cycles.facts.lean.rows import COLUMNS, LISTS, PLACE, WORDS, Row, bounds_of, codes_of
from rnd.cycles.facts.raw import BIGINT, MOMENT, Cursor, Packed, array
from rnd.cycles.facts.rollups import ADD, TOUCH, TOUCH_SLABS, Changes

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


def store(cursor: Cursor, gone: Collection[Row], row: Row, way: Lean, changes: Changes, *, refiled: bool) -> None:
    """Store a row with its course and the roll-ups, in place of the one that is `gone`, if any.

    `refiled`: reports find it by other filters than before, and so the tasks that serve it.
    """
    pass_us, visits, reached = (row[place] for place in _LISTS_AT)
    cells, finishes = changes.cells(), bool(changes.finishes)
    given: list[Any] = [
        Packed(BIGINT, [row[place] for place in _NUMBERS_AT]), Packed(MOMENT, [row[place] for place in _MOMENTS_AT]),
        _words(row[place] for place in _WORDS_AT), Packed(BIGINT, pass_us), array(visits), Packed(MOMENT, reached),
        Packed(MOMENT, bounds_of(way)), array(codes_of(way)), *cells,
    ]  # fmt: skip
    if finishes:
        given += [*changes.spans(), *changes.slabs()]
    query = _statement(known=bool(gone), flow=bool(cells), finishes=finishes, refiled=refiled)
    cursor.beside.execute(query, given, prepare=True)


def _words(words: Iterable[str]) -> str:
    """Give plain words, which may be empty, for `$n::text[]`."""
    return array(f'"{word}"' for word in words)


# The parameters $1 to $8 of every statement, as `store` gives them.
_NUMBER, _MOMENT, _WORD = "($1::bigint[])", "($2::timestamptz[])", "($3::text[])"
_VALUES: Final = {
    **{name: f"{_NUMBER}[{place}]" for place, name in enumerate(NUMBERS, start=1)},
    **{name: f"{_MOMENT}[{place}]" for place, name in enumerate(MOMENTS, start=1)},
    **{name: f"{_WORD}[{place}]" for place, name in enumerate(WORDS, start=1)},
    **{name: f"${place}::{type_}" for place, (name, type_) in enumerate(LISTS.items(), start=4)},
    "modes_recorded": f"{_NUMBER}[{NUMBERS.index('modes_recorded') + 1}] <> 0",
}
_TICKET: Final = _VALUES["ticket_id"]
_KEPT: Final = (
    "UPDATE cycles_course SET bounds = $7::timestamptz[], readings = $8::int[] "
    f"WHERE loop_id = {_TICKET} AND (bounds, readings) IS DISTINCT FROM ($7::timestamptz[], $8::int[])"
)
_CAME: Final = f"INSERT INTO cycles_course (loop_id, bounds, readings) SELECT {_TICKET}, $7::timestamptz[], $8::int[]"


@cache
def _statement(*, known: bool, flow: bool, finishes: bool, refiled: bool) -> bytes:
    """Give the statement for a loop that is `known` or new, and which of the roll-ups it changes.

    The roll-ups change in the order that all writers keep to.
    """
    places = (f"${number}" for number in count(9))
    parts = {"course": _KEPT if known else _CAME}
    if flow:
        parts["flow"] = _filled(ADD, places)
    if finishes:
        parts["spans"] = _filled(TOUCH, places, _after("flow", parts))
        parts["slabs"] = _filled(TOUCH_SLABS, places, _after("spans", parts))
    if refiled:
        parts["weeks"] = TOUCH_SERVING.format(tickets=f"ARRAY[{_TICKET}]", after=_after("slabs", parts, "AND"))
    told = ", ".join(f"{name} AS ({part} RETURNING 1)" for name, part in parts.items())
    if known:
        changes = ", ".join(f"{name} = {value}" for name, value in _VALUES.items() if name != "ticket_id")
        return f"WITH {told} UPDATE cycles_loop SET {changes} WHERE ticket_id = {_TICKET}".encode()
    values = ", ".join(_VALUES[name] for name in COLUMNS)
    return f"WITH {told} INSERT INTO cycles_loop ({', '.join(COLUMNS)}) SELECT {values}".encode()


def _after(name: str, parts: Collection[str], word: str = "WHERE") -> str:
    """Give the condition that lets a part of the statement wait until another one is done."""
    return f"{word} (SELECT count(*) FROM {name}) >= 0" if name in parts else ""


def _filled(statement: str, places: Iterator[str], after: str = "") -> str:
    return statement.format(*islice(places, 4), after=after)

"""Stores the changed loop of one ticket, and all that follows from it, in one statement: what an entry asks for.

Many loops come by COPY (`rows.py`). For one, to send and to prepare six statements takes longer than what they do.
What stays as it is, is not written: no segment, no cell of the flow, no mark that a slab is stale already.
"""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from itertools import count, islice
from typing import Any, Final

from rnd.cycles.harvest import Cursor
from rnd.cycles.lean import Lean
from rnd.cycles.raw import MOMENT, NUMBER, Packed, array, raw_cursor
from rnd.cycles.rollups import ADD, TOUCH, TOUCH_SLABS, Changes
from rnd.cycles.rows import COLUMNS, MODES, PLACE, STAGES, Row

MOMENTS: Final = (
    "started_at", "received_at", "finished_at", "first_finish_at", "ended_at", "current_since", "running_since",
    "recorded_from", "recorded_to",
)  # fmt: skip
WORDS: Final = ("severity", "excluded", "current_stage", "current_mode")
LISTS: Final = {"pass_us": "bigint[]", "visits": "smallint[]", "reached": "timestamptz[]"}
NUMBERS: Final = tuple(name for name in COLUMNS if name not in {*MOMENTS, *WORDS, *LISTS})
_NUMBERS_AT, _MOMENTS_AT, _WORDS_AT, _LISTS_AT = (
    [PLACE[name] for name in names] for names in (NUMBERS, MOMENTS, WORDS, LISTS)
)
_TICKET_AT, _BEGAN_AT = PLACE["ticket_id"], PLACE["started_at"]


def fits(gone: Collection[Row], fresh: Collection[tuple[Row, Lean]]) -> bool:
    """Tell whether only one loop is new or changed, which begins when it began before."""
    return len(fresh) == 1 and all(
        (row[_TICKET_AT], row[_BEGAN_AT]) == (old[_TICKET_AT], old[_BEGAN_AT]) for old in gone for row, _way in fresh
    )


def store(cursor: Cursor, gone: Collection[Row], row: Row, way: Lean, changes: Changes) -> None:
    """Store a row with its segments and the roll-ups, in place of the one that is `gone`, if any."""
    pass_us, visits, reached = (row[place] for place in _LISTS_AT)
    segments = way.segments
    cells, finishes = changes.cells(), bool(changes.finishes)
    given: list[Any] = [
        Packed(NUMBER, [row[place] for place in _NUMBERS_AT]), Packed(MOMENT, [row[place] for place in _MOMENTS_AT]),
        _words(row[place] for place in _WORDS_AT), Packed(NUMBER, pass_us), array(visits), Packed(MOMENT, reached),
        _words(STAGES[segment[2]] for segment in segments), _words(MODES[segment[3]] for segment in segments),
        array(segment[4] for segment in segments), Packed(MOMENT, [segment[0] for segment in segments]),
        Packed(MOMENT, [segment[1] for segment in segments]), *cells,
    ]  # fmt: skip
    if finishes:
        given += [*changes.spans(), *changes.slabs()]
    with raw_cursor(cursor) as bare:
        bare.execute(_statement(known=bool(gone), flow=bool(cells), finishes=finishes), given, prepare=True)


def _words(words: Iterable[str]) -> str:
    """Give plain words, which may be empty, for `$n::text[]`."""
    return array(f'"{word}"' for word in words)


# The parameters $1 to $11 of every statement, as `store` gives them.
_NUMBER, _MOMENT, _WORD = "($1::bigint[])", "($2::timestamptz[])", "($3::text[])"
_VALUES: Final = {
    **{name: f"{_NUMBER}[{place}]" for place, name in enumerate(NUMBERS, start=1)},
    **{name: f"{_MOMENT}[{place}]" for place, name in enumerate(MOMENTS, start=1)},
    **{name: f"{_WORD}[{place}]" for place, name in enumerate(WORDS, start=1)},
    **{name: f"${place}::{type_}" for place, (name, type_) in enumerate(LISTS.items(), start=4)},
    "modes_recorded": f"{_NUMBER}[{NUMBERS.index('modes_recorded') + 1}] <> 0",
}
_TICKET, _BEGAN = _VALUES["ticket_id"], _VALUES["started_at"]
_OWN: Final = f"s.loop_id = {_TICKET} AND s.began = {_BEGAN}"
_SAME: Final = "(s.stage, s.mode, s.pass_number, s.since, s.until)"
_GONE: Final = (
    f"DELETE FROM cycles_segment AS s WHERE {_OWN} AND {_SAME} IS DISTINCT FROM "
    "(($7::text[])[ordinal], ($8::text[])[ordinal], ($9::smallint[])[ordinal], ($10::timestamptz[])[ordinal], "
    "($11::timestamptz[])[ordinal])"
)
_CAME: Final = (
    f"INSERT INTO cycles_segment (began, loop_id, ordinal, stage, mode, pass_number, since, until) "
    f"SELECT {_BEGAN}, {_TICKET}, o, stage, mode, number, since, until FROM unnest($7::text[], $8::text[], "
    "$9::smallint[], $10::timestamptz[], $11::timestamptz[]) WITH ORDINALITY "
    f"AS t (stage, mode, number, since, until, o) WHERE NOT EXISTS (SELECT FROM cycles_segment AS s "
    f"WHERE {_OWN} AND s.ordinal = o AND {_SAME} = (t.stage, t.mode, t.number, t.since, t.until))"
)


@cache
def _statement(*, known: bool, flow: bool, finishes: bool) -> bytes:
    """Give the statement for a loop that is `known` or new, and which of the roll-ups it changes.

    Segments go before others of the same number come; the roll-ups change in the order that all writers keep to.
    """
    places = (f"${number}" for number in count(12))
    parts = {"gone": _GONE} if known else {}
    parts["came"] = f"{_CAME} {_after('gone', parts, 'AND')}"
    if flow:
        parts["flow"] = _filled(ADD, places)
    if finishes:
        parts["spans"] = _filled(TOUCH, places, _after("flow", parts))
        parts["slabs"] = _filled(TOUCH_SLABS, places, _after("spans", parts))
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

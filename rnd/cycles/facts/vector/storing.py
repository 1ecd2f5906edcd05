"""Stores many loops, and parts of many tasks, as COPY takes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

import numpy as np

from rnd.cycles.facts.columnar.reading import NOTHING
from rnd.cycles.facts.lean import parts_rows
from rnd.cycles.facts.lean.parts import COLUMNS as PART
from rnd.cycles.facts.lean.rows import COLUMNS, WORDS
from rnd.cycles.facts.raw import BIGINT, INTEGER, MOMENT, SMALLINT, Cursor, array, copy_in
from rnd.cycles.facts.vector.copying import flat_lists, lists, numbers, packed, words
from rnd.cycles.facts.vector.loops import Loops
from rnd.cycles.facts.vector.parts import KINDS, Parts
from rnd.cycles.models.work import BLOCKED

_LOOPS: Final = f"COPY cycles_loop ({', '.join(COLUMNS)}) FROM STDIN (FORMAT BINARY)"
_COURSES: Final = "COPY cycles_course (loop_id, bounds, readings) FROM STDIN (FORMAT BINARY)"
# As many bytes as each of `rows.SMALL` has.
_SMALL: Final = (2, 1, 4, 2)


def replace(cursor: Cursor, gone: Collection[int], fresh: Iterable[Loops]) -> None:
    """Store the fresh loops with their courses, in place of what was stored of the tickets that are `gone`."""
    if gone:
        tickets = array(gone)
        cursor.execute(
            "WITH gone AS (DELETE FROM cycles_course WHERE loop_id = ANY(%s::bigint[])) "
            "DELETE FROM cycles_loop WHERE ticket_id = ANY(%s::bigint[])",
            [tickets, tickets],
        )
    for loops in fresh:
        if len(loops):
            copy_in(cursor, _LOOPS, [packed_loops(loops)])
            copy_in(cursor, _COURSES, [packed_courses(loops)])


def packed_loops(loops: Loops) -> bytes:
    """Give the rows of the loops."""
    return packed(
        [
            numbers(loops.numbers.T),
            *(words(places, known) for places, known in zip(loops.words, WORDS.values(), strict=True)),
            *(numbers(values[:, None], width) for values, width in zip(loops.small, _SMALL, strict=True)),
            flat_lists(loops.pass_us, loops.small[0], BIGINT),
            lists(loops.visits, SMALLINT),
            lists(loops.reached, MOMENT),
        ],
        len(COLUMNS),
    )


def packed_courses(loops: Loops) -> bytes:
    """Give the rows of their courses."""
    return packed(
        [
            numbers(loops.tickets[:, None]),
            flat_lists(loops.bounds, loops.segments + 1, MOMENT),
            flat_lists(loops.codes, loops.segments, INTEGER),
        ],
        3,
    )


def store_parts(cursor: Cursor, parts: Parts) -> None:
    """Store parts of tasks of which none were stored before, and make their weeks stale."""
    blocked = parts.kind == KINDS.index(BLOCKED)
    plain = parts.taken(~blocked)
    weeks = np.unique(np.stack([plain.of("programme_id"), parts_rows.week_of(plain.of("at"))], axis=1), axis=0)
    parts_rows.touch(cursor, [(programme, week) for programme, week in weeks.tolist()])
    # Only who is blocked tells a reason, which may be long.
    reason = numbers(np.full((len(plain.kind), 1), NOTHING))
    told = packed([numbers(plain.numbers.T), words(plain.kind, KINDS), reason], len(PART))
    parts_rows.copy_parts(cursor, [told, *map(parts_rows.packed, parts.taken(blocked).rows())])

"""Facts as bare rows: what is stored of a ticket as one tuple, read in one piece, written as COPY takes it."""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from struct import Struct
from typing import Any, Final

from rnd.cycles.clock import DEFINITION
from rnd.cycles.harvest import Cursor, Facets
from rnd.cycles.lean import Lean
from rnd.cycles.models import MODE_COLUMNS, STAGE_COLUMNS
from rnd.cycles.raw import NULL, among, array, bigint, copy_in, from_int, rows, word
from rnd.cycles.stages import Mode, Stage

# One loop, in the order of COLUMNS.
Row = tuple[Any, ...]

_NUMBERS: Final = (
    "ticket_id", "programme_id", "platform_id", "component_id", "hardware_id", "team_id", "release_id", "fixed_by_id",
    "started_at", "received_at", "finished_at", "first_finish_at", "ended_at", "total_us", *STAGE_COLUMNS.values(),
    *MODE_COLUMNS.values(), "rework_us", "current_since", "running_since", "last_entry_id",
    "recorded_from", "recorded_to",
)  # fmt: skip
_WORDS: Final = ("severity", "excluded", "current_stage", "current_mode")
_SMALL: Final = ("passes", "modes_recorded", "moved_entries", "definition")
_LISTS: Final = ("pass_us", "visits", "reached")
COLUMNS: Final = (*_NUMBERS, *_WORDS, *_SMALL, *_LISTS)
PLACE: Final = {name: place for place, name in enumerate(COLUMNS)}
FIRST_STAGE: Final = PLACE[next(iter(STAGE_COLUMNS.values()))]

STAGES: Final = tuple(stage.value for stage in Stage)
MODES: Final = tuple(mode.value for mode in Mode)
_SEGMENT_COLUMNS: Final = "began, loop_id, ordinal, stage, mode, pass_number, since, until"


def row_of(ticket: int, facets: Facets, way: Lean) -> Row:
    """Give the row of a way."""
    run = way.running
    return (
        ticket, facets.programme, facets.platform, facets.component, facets.hardware, facets.team, facets.release,
        way.fixed_by, way.started, way.received, way.finished, way.first_finish, way.ended, way.total, *way.stages,
        *way.modes, way.rework, run and run[2], run and run[3], way.last_entry,
        way.recorded_from, way.recorded_to, facets.severity, way.excluded,
        STAGES[run[0]] if run else "", MODES[run[1]] if run else "", way.passes, way.recorded, way.moved, DEFINITION,
        way.pass_times, way.visits, way.reached,
    )  # fmt: skip


def stored(cursor: Cursor, tickets: Iterable[int]) -> dict[int, Row]:
    """Give the rows that are stored of these tickets (and perhaps of some between them)."""
    where, params = among("ticket_id", list(tickets))
    query = f"SELECT {', '.join(COLUMNS)} FROM cycles_loop WHERE {where}"
    return {row[0]: row for row in rows(cursor, query, *params)}


def replace(cursor: Cursor, gone: Iterable[Row], new: Iterable[tuple[Row, Lean]]) -> None:
    """Store the new rows with their segments, in place of what was stored of the same and of other tickets."""
    old = list(gone)
    if old:
        numbers, starts = array(row[0] for row in old), [row[PLACE["started_at"]] for row in old]
        # The range lets PostgreSQL pass over the partitions that hold none of them.
        cursor.execute(
            "WITH gone AS (DELETE FROM cycles_segment WHERE loop_id = ANY(%s::bigint[]) AND began BETWEEN %s AND %s) "
            "DELETE FROM cycles_loop WHERE ticket_id = ANY(%s::bigint[])",
            [numbers, from_int(min(starts)), from_int(max(starts)), numbers],
        )
    fresh = list(new)
    if fresh:
        copy_in(
            cursor,
            f"COPY cycles_loop ({', '.join(COLUMNS)}) FROM STDIN (FORMAT BINARY)",
            [packed(row) for row, _way in fresh],
        )
        copy_in(
            cursor,
            f"COPY cycles_segment ({_SEGMENT_COLUMNS}) FROM STDIN (FORMAT BINARY)",
            [part for row, way in fresh for part in packed_segments(row[0], way)],
        )


# --- COPY's binary format: for each row the count of its fields, for each field its length (-1: null) and its bytes ---

_COUNT: Final = Struct(">h").pack(len(COLUMNS))
_small: Final = Struct(">ihi?iiih").pack
_head: Final = Struct(">hiqiqii").pack
_tail: Final = Struct(">ihiqiq").pack
_INT8, _INT2, _TIMESTAMPTZ = 20, 21, 1184
_N: Final = len(_NUMBERS)


def packed(row: Row) -> bytes:
    """Give one loop as COPY takes it."""
    severity, excluded, stage, mode, passes, recorded, moved, definition, pass_us, visits, reached = row[_N:]
    return b"".join(
        [
            _COUNT,
            *[NULL if number is None else bigint(8, number) for number in row[:_N]],
            word(severity), word(excluded), word(stage), word(mode),
            _small(2, passes, 1, recorded, 4, moved, 2, definition),
            _list_of(len(pass_us), 0).pack(20 + 12 * len(pass_us), 1, 0, _INT8, len(pass_us), 1, *_measured(pass_us)),
            _visits(tuple(visits)),
            _reached(reached),
        ]
    )  # fmt: skip


def packed_segments(ticket: int, way: Lean) -> list[bytes]:
    """Give the segments of one loop as COPY takes them."""
    began = way.started
    return [
        _head(8, 8, began, 8, ticket, 4, ordinal) + _reading(stage, mode) + _tail(2, number, 8, since, 8, until)
        for ordinal, (since, until, stage, mode, number) in enumerate(way.segments, start=1)
    ]


@lru_cache(maxsize=100)
def _reading(stage: int, mode: int) -> bytes:
    return word(STAGES[stage]) + word(MODES[mode])


@lru_cache(maxsize=100)
def _list_of(length: int, nulls: int) -> Struct:
    return Struct(">i iiiii " + "iq" * length + "i" * nulls)


def _measured(numbers: Iterable[int]) -> list[int]:
    return [part for number in numbers for part in (8, number)]


@lru_cache(maxsize=10_000)
def _visits(visits: tuple[int, ...]) -> bytes:
    fields = [part for count in visits for part in (2, count)]
    length = len(visits)
    return Struct(">i iiiii " + "ih" * length).pack(20 + 6 * length, 1, 0, _INT2, length, 1, *fields)


def _reached(marks: list[int | None]) -> bytes:
    there = [mark for mark in marks if mark is not None]
    nulls = len(marks) - len(there)
    size = 20 + 12 * len(there) + 4 * nulls
    header = (size, 1, 1 if nulls else 0, _TIMESTAMPTZ, len(marks), 1)
    return _list_of(len(there), nulls).pack(*header, *_measured(there), *[-1] * nulls)

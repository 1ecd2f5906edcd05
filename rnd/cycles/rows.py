"""Facts as bare rows: what is stored of a ticket as one tuple, read in one piece, written as COPY takes it."""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from operator import itemgetter
from struct import Struct
from typing import Any, Final

from rnd.cycles.clock import DEFINITION
from rnd.cycles.harvest import Cursor, Facets
from rnd.cycles.lean import Lean
from rnd.cycles.models import MODE_COLUMNS, STAGE_COLUMNS
from rnd.cycles.raw import MOMENT, NULL, NUMBER, among, array, bigint, copy_in, rows, word
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
# What reports filter by.
_filed: Final = itemgetter(
    *(
        PLACE[name]
        for name in (
            "programme_id", "platform_id", "component_id", "hardware_id", "team_id", "fixed_by_id", "severity",
            "passes",
        )
    )
)  # fmt: skip

STAGES: Final = tuple(stage.value for stage in Stage)
MODES: Final = tuple(mode.value for mode in Mode)


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


def refiled(gone: Iterable[Row], new: Iterable[Row]) -> set[int]:
    """Give the tickets that reports find by other filters than before, or find at all since now."""
    before, after = ({row[0]: _filed(row) for row in some} for some in (gone, new))
    return {ticket for ticket in before.keys() | after.keys() if before.get(ticket) != after.get(ticket)}


def replace(cursor: Cursor, gone: Iterable[Row], new: Iterable[tuple[Row, Lean]]) -> None:
    """Store the new rows with their courses, in place of what was stored of the same and of other tickets."""
    old = [row[0] for row in gone]
    if old:
        numbers = array(old)
        cursor.execute(
            "WITH gone AS (DELETE FROM cycles_course WHERE loop_id = ANY(%s::bigint[])) "
            "DELETE FROM cycles_loop WHERE ticket_id = ANY(%s::bigint[])",
            [numbers, numbers],
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
            "COPY cycles_course (loop_id, bounds, readings) FROM STDIN (FORMAT BINARY)",
            [packed_course(row[0], way) for row, way in fresh],
        )


def bounds_of(way: Lean) -> list[int]:
    """Give when it began, and when each of its segments ended."""
    return [way.started, *[segment[1] for segment in way.segments]]


def codes_of(way: Lean) -> list[int]:
    """Give what held in each of its segments, as a course packs it: the view `cycles_segment` takes it apart."""
    return [32 * number + len(MODES) * stage + mode for _since, _until, stage, mode, number in way.segments]


# --- COPY's binary format: for each row the count of its fields, for each field its length (-1: null) and its bytes ---

_COUNT: Final = Struct(">h").pack(len(COLUMNS))
_small: Final = Struct(">ihi?iiih").pack
_head: Final = Struct(">iiiiii").pack
_start: Final = Struct(">hiq").pack
_smallint: Final = Struct(">ih").pack
_int: Final = Struct(">ii").pack
_INT2, _INT4 = 21, 23
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
            _head_of(NUMBER, len(pass_us), 0), *[bigint(8, length) for length in pass_us],
            _visits(tuple(visits)),
            _head_of(MOMENT, len(reached), reached.count(None)),
            *[NULL if mark is None else bigint(8, mark) for mark in reached],
        ]
    )  # fmt: skip


@lru_cache(maxsize=1000)
def _head_of(kind: int, length: int, nulls: int) -> bytes:
    """Give what stands before the elements of an array: its size, one dimension, whether there are nulls, its type."""
    return _head(20 + 12 * (length - nulls) + 4 * nulls, 1, nulls > 0, kind, length, 1)


@lru_cache(maxsize=10_000)
def _visits(visits: tuple[int, ...]) -> bytes:
    return _head(20 + 6 * len(visits), 1, 0, _INT2, len(visits), 1) + b"".join([_smallint(2, n) for n in visits])


def packed_course(ticket: int, way: Lean) -> bytes:
    """Give the course of one loop as COPY takes it."""
    bounds = bounds_of(way)
    start = _start(3, 8, ticket) + _head_of(MOMENT, len(bounds), 0)
    return b"".join([start, *[bigint(8, bound) for bound in bounds], _codes(tuple(codes_of(way)))])


@lru_cache(maxsize=10_000)
def _codes(codes: tuple[int, ...]) -> bytes:
    return _head(20 + 8 * len(codes), 1, 0, _INT4, len(codes), 1) + b"".join([_int(4, code) for code in codes])

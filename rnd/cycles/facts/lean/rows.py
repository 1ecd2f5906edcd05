"""Facts as bare rows: what is stored of a ticket as one tuple."""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from typing import Any, Final

from frontline_feedback.models import Severity
from rnd.cycles.clock import DEFINITION
from rnd.cycles.clock.stages import Mode, Stage
from rnd.cycles.facts.lean.bare import OUTCOMES
from rnd.cycles.facts.lean.clock import Lean
from rnd.cycles.facts.lean.harvest import Facets
from rnd.cycles.facts.raw import Cursor, among, rows
from rnd.cycles.models import MODE_COLUMNS, STAGE_COLUMNS

# One loop, in the order of COLUMNS.
Row = tuple[Any, ...]

NUMBERS: Final = (
    "ticket_id", "programme_id", "platform_id", "component_id", "hardware_id", "team_id", "release_id", "fixed_by_id",
    "started_at", "received_at", "finished_at", "first_finish_at", "ended_at", "total_us", *STAGE_COLUMNS.values(),
    *MODE_COLUMNS.values(), "rework_us", "current_since", "running_since", "last_entry_id",
    "recorded_from", "recorded_to",
)  # fmt: skip
STAGES: Final = tuple(stage.value for stage in Stage)
MODES: Final = tuple(mode.value for mode in Mode)
# Words, and all that there are.
WORDS: Final[dict[str, tuple[str, ...]]] = {
    "severity": ("", *Severity.values),
    "excluded": ("", *OUTCOMES[1:]),
    "current_stage": ("", *STAGES),
    "current_mode": ("", *MODES),
}
SMALL: Final = ("passes", "modes_recorded", "moved_entries", "definition")
LISTS: Final = {"pass_us": "bigint[]", "visits": "smallint[]", "reached": "timestamptz[]"}
COLUMNS: Final = (*NUMBERS, *WORDS, *SMALL, *LISTS)
PLACE: Final = {name: place for place, name in enumerate(COLUMNS)}
# How far the journal was read for a loop: no report shows it.
READ: Final = ("last_entry_id", "recorded_from", "recorded_to")
_said: Final = itemgetter(*(place for name, place in PLACE.items() if name not in READ))
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


def unsaid(gone: Iterable[Row], new: Iterable[Row]) -> set[int]:
    """Give the tickets of whose loops nothing is new but how far the journal was read: no roll-up changes."""
    before = {row[0]: _said(row) for row in gone}
    return {row[0] for row in new if before.get(row[0]) == _said(row)}


def course_of(way: Lean) -> tuple[list[int], list[int]]:
    """Give when it began and when each of its segments ended, and what held in each: as a course is stored."""
    return bounds_of(way), codes_of(way)


def bounds_of(way: Lean) -> list[int]:
    """Give when it began, and when each of its segments ended."""
    return [way.started, *[segment[1] for segment in way.segments]]


def codes_of(way: Lean) -> list[int]:
    """Give what held in each of its segments, as a course packs it: the view `cycles_segment` takes it apart."""
    return [32 * number + len(MODES) * stage + mode for _since, _until, stage, mode, number in way.segments]

"""The finished loops of a slab by column: what each column holds, and how those of stale slabs are computed anew."""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.db.backends.utils import CursorWrapper

from frontline_feedback.models import Severity
from rnd.cycles.clock.stages import Mode, Stage
from rnd.cycles.facts.columnar.reading import NARROW, NOTHING, SHORT
from rnd.cycles.facts.stale import refresh_stale
from rnd.cycles.models import STAGE_COLUMNS

SEVERITIES: Final = tuple(Severity.values)
# The time that was not spent waiting, where there can be any: what `busy` holds of each loop, in order.
BUSY: Final = tuple(
    (stage, mode)
    for stage in (Stage.QUEUE, Stage.DESIGN, Stage.BUILD, Stage.TEST)
    for mode in (Mode.ACTIVE, Mode.BLOCKED)
)

# What reports filter by, whole numbers of 32 bits: references (0: none), passes; of 16 bits: the place of the severity
# (from 1), a flag.
FACETS: Final = {
    **{name: f"coalesce(l.{name}, 0)" for name in ("component_id", "platform_id", "team_id", "hardware_id")},
    "fixed_by_id": "coalesce(l.fixed_by_id, 0)",
    "passes": "l.passes",
    "severity": f"array_position(ARRAY[{', '.join(repr(value) for value in SEVERITIES)}], l.severity::text)",
    "modes_recorded": "l.modes_recorded::int",
}
_SHORT: Final = ("severity", "modes_recorded")
# Of 64 bits: microseconds, and the number of the ticket.
NUMBERS: Final = {
    "ticket_id": "l.ticket_id",
    "first_us": "(extract(epoch FROM l.first_finish_at - l.started_at) * 1000000)::bigint",
    **{name: f"l.{name}" for name in ("total_us", *STAGE_COLUMNS.values(), "rework_us", "active_us")},
}
# Of each loop as many of 16 bits: the day on which it came to each stage or beyond it, and on which it finished, in the
# programme's zone and from the first day of the slab. What is so far back that it does not fit (a lifetime: no picture
# reaches there) is told as the last day that does.
REACHED: Final = len(Stage) + 1
NO_DAY: Final = -(2**15)
_DAY: Final = f"coalesce(greatest((%s AT TIME ZONE p.time_zone)::date - s.first, {NO_DAY + 1}), {NO_DAY})"
_DAYS: Final = [_DAY % f"l.reached[{place}]" for place in range(1, REACHED)] + [_DAY % "l.finished_at"]

_PACKED: Final = {
    **{name: f"int4send(({told})::int)" for name, told in FACETS.items()},
    **{name: f"int2send(({FACETS[name]})::smallint)" for name in _SHORT},
    **{name: f"int8send(coalesce({told}, {NOTHING}))" for name, told in NUMBERS.items()},
    # Microseconds since 2000, as PostgreSQL counts them.
    "finished_at": "timestamptz_send(l.finished_at)",
    "reached": " || ".join(f"int2send(({day})::smallint)" for day in _DAYS),
    # Of each loop as many numbers as it has passes.
    "pass_us": (
        "(SELECT string_agg(int8send(us), '' ORDER BY place) FROM unnest(l.pass_us) WITH ORDINALITY AS t (us, place))"
    ),
    "busy": " || ".join(f"int8send(coalesce(busy_{place}, 0))" for place in range(len(BUSY))),
}
NAMES: Final = frozenset(_PACKED)
TYPES: Final = {**dict.fromkeys(FACETS, NARROW), **dict.fromkeys((*_SHORT, "reached"), SHORT)}

_BUSY: Final = ", ".join(
    f"sum(length) FILTER (WHERE stage = '{stage}' AND mode = '{mode}')::bigint AS busy_{place}"
    for place, (stage, mode) in enumerate(BUSY)
)
# OFFSET keeps PostgreSQL from reading all segments for a few loops, and all loops for a slab.
_SPENT: Final = f"""
LEFT JOIN LATERAL (
    SELECT {_BUSY} FROM (
        SELECT stage, mode, (extract(epoch FROM until - since) * 1000000)::bigint AS length FROM cycles_segment
        WHERE loop_id = l.ticket_id AND mode <> 'waiting' AND l.modes_recorded OFFSET 0
    ) AS segments
) AS spent ON true
"""


def packed(names: Iterable[str], slabs: str) -> str:
    """Give the query (programme, first day, name, bytes) for these columns of slabs `s`, out of their loops."""
    wanted = sorted(names)
    columns = ", ".join(f"string_agg({_PACKED[name]}, ''::bytea ORDER BY l.ticket_id) AS {name}" for name in wanted)
    return f"""
SELECT programme_id, first, name, packed FROM (
    SELECT s.programme_id, s.first, {columns} FROM cycles_slab s
    JOIN catalogue_programme p ON p.id = s.programme_id
    JOIN LATERAL (
        SELECT * FROM cycles_loop WHERE programme_id = s.programme_id AND excluded = '' AND finished_at IS NOT NULL
        AND finished_at >= s.since AND finished_at < s.until OFFSET 0
    ) AS l ON true
    {_SPENT if "busy" in wanted else ""} WHERE {slabs} GROUP BY s.programme_id, s.first
) AS slabs, LATERAL (VALUES {", ".join(f"('{name}', {name})" for name in wanted)}) AS columns (name, packed)
"""


_COMPUTE: Final = "INSERT INTO cycles_loopcolumn (programme_id, first, name, packed) " + packed(
    NAMES, "s.programme_id = %s AND s.first = %s"
)


def refresh_loops(limit: int | None = None) -> int:
    """Compute the columns of stale slabs anew (at most `limit` of them, the newest first); give how many."""
    return refresh_stale("cycles_slab", _compute, limit)


def _compute(cursor: CursorWrapper, programme: int, first: date) -> None:
    cursor.execute("DELETE FROM cycles_loopcolumn WHERE programme_id = %s AND first = %s", [programme, first])
    cursor.execute("SET LOCAL work_mem = '64MB'")
    cursor.execute(_COMPUTE, [programme, first])

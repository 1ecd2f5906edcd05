"""Computes the blocks of stale slabs anew: all measures of the loops that finished in a few days, by kind of loop."""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from datetime import date
from typing import Final

from django.db.backends.utils import CursorWrapper

from rnd.cycles.measures import EXPRESSIONS, NUMBER, OF_PASSES, OF_SUMS
from rnd.cycles.spans import EXPRESSIONS as EXPRESSIONS_OF_SUMS
from rnd.cycles.stages import Mode, Stage
from rnd.cycles.stale import refresh_stale

# What divides the loops of a slab into blocks, by the table that holds them. A report that is narrowed to some columns
# of one of these tables, and to nothing else, is read without reading loops.
KINDS: Final[dict[str, tuple[str, ...]]] = {
    "cycles_block": ("component_id", "platform_id", "severity", "passes"),
    "cycles_teamblock": ("team_id", "passes"),
}

# What OF_SUMS holds, in order: `spans.SUMS`, and the time that was not spent waiting, where there can be any.
BUSY: Final = tuple(
    (stage, mode)
    for stage in (Stage.QUEUE, Stage.DESIGN, Stage.BUILD, Stage.TEST)
    for mode in (Mode.ACTIVE, Mode.BLOCKED)
)
# The loops of a slab; `%(…)s` as `refresh_blocks` gives them.
_OF_SLAB: Final = (
    "programme_id = %(programme)s AND excluded = '' AND finished_at IS NOT NULL "
    "AND finished_at >= %(since)s AND finished_at < %(until)s"
)
_LOOPS: Final = f"cycles_loop WHERE {_OF_SLAB}"
_SORTED: Final = ", ".join(
    f"array_agg({told} ORDER BY {told}) FILTER (WHERE {told} IS NOT NULL) AS m{NUMBER[name]}"
    for name, told in EXPRESSIONS.items()
)
_MEASURED: Final = ", ".join(f"({number}, m{number})" for number in NUMBER.values())
_SUMMED: Final = ", ".join(EXPRESSIONS_OF_SUMS)
_BUSY: Final = ", ".join(
    f"coalesce(sum(length) FILTER (WHERE stage = '{stage}' AND mode = '{mode}'), 0)" for stage, mode in BUSY
)


def _statements(table: str) -> tuple[str, str, str]:
    """Give what computes the blocks of a table: all values in order, the sums, and the sums by pass."""
    kinds = ", ".join(KINDS[table])
    into = f"INSERT INTO {table} (programme_id, measure, first, {kinds}, n, numbers)"
    values = f"""
{into} SELECT %(programme)s, measure, %(first)s, {kinds}, cardinality(sorted), sorted
FROM (SELECT {kinds}, {_SORTED} FROM {_LOOPS} GROUP BY {kinds}) AS every,
    LATERAL (VALUES {_MEASURED}) AS measured (measure, sorted) WHERE sorted IS NOT NULL
"""
    sums = f"""
WITH busy AS (
    SELECT {kinds}, ARRAY[{_BUSY}]::bigint[] AS lengths
    FROM (
        -- OFFSET keeps PostgreSQL from reading all segments for a few loops.
        SELECT {kinds}, spent.* FROM cycles_loop, LATERAL (
            SELECT stage, mode, (extract(epoch FROM until - since) * 1000000)::bigint AS length
            FROM cycles_segment s WHERE s.loop_id = ticket_id AND s.began = started_at AND s.mode <> 'waiting' OFFSET 0
        ) AS spent WHERE {_OF_SLAB} AND modes_recorded
    ) AS busy_segments GROUP BY {kinds}
)
{into} SELECT %(programme)s, {OF_SUMS}, %(first)s, {kinds}, n,
    sums || coalesce(lengths, array_fill(0::bigint, ARRAY[{len(BUSY)}]))
FROM (
    SELECT {kinds}, count(*) AS n, ARRAY[{_SUMMED}]::bigint[] AS sums FROM {_LOOPS} GROUP BY {kinds}
) AS summed LEFT JOIN busy USING ({kinds})
"""
    passes = f"""
{into} SELECT %(programme)s, {OF_PASSES}, %(first)s, {kinds}, max(n), array_agg(length ORDER BY place)
FROM (
    SELECT {kinds}, place, sum(length)::bigint AS length, count(*) AS n
    FROM (SELECT * FROM {_LOOPS}) AS l, unnest(pass_us) WITH ORDINALITY AS p (length, place) GROUP BY {kinds}, place
) AS by_pass GROUP BY {kinds}
"""
    return values, sums, passes


_STATEMENTS: Final = {table: _statements(table) for table in KINDS}


def refresh_blocks(limit: int | None = None) -> int:
    """Compute the blocks of stale slabs anew (at most `limit` of them, the newest first); give how many."""
    return refresh_stale("cycles_slab", _compute, limit)


def _compute(cursor: CursorWrapper, programme: int, first: date) -> None:
    cursor.execute("SELECT since, until FROM cycles_slab WHERE programme_id = %s AND first = %s", [programme, first])
    since, until = cursor.fetchone()
    params = {"programme": programme, "first": first, "since": since, "until": until}
    cursor.execute("SET LOCAL work_mem = '64MB'")
    for table, statements in _STATEMENTS.items():
        cursor.execute(f"DELETE FROM {table} WHERE programme_id = %s AND first = %s", [programme, first])
        for statement in statements:
            cursor.execute(statement, params)

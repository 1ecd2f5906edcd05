"""Sums up the parts of tasks week by week: what a report of work counts, by component, kind and team."""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from django.db.backends.utils import CursorWrapper

from rnd.cycles.models_work import ANY, BLOCKED, TASK
from rnd.cycles.stages import WORK
from rnd.cycles.stale import refresh_stale

WEEK: Final = timedelta(days=7)
# So many tasks a row of a report names at most.
NAMED: Final = 300
STAGES: Final = ", ".join(f"'{stage}'" for stage in sorted(WORK))

_FIRST_TASKS: Final = f"(array_agg(DISTINCT task_id))[1:{NAMED}]"
# The blocks (component, kind, team, other, n, numbers, sums, tasks) of the parts that `{which}` lets through.
BLOCKS_OF: Final = f"""
SELECT component_id, kind, team_id, coalesce(other_id, 0), count(*)::int,
    coalesce(array_agg(us ORDER BY us) FILTER (WHERE us IS NOT NULL), '{{{{}}}}'),
    ARRAY[coalesce(sum(us), 0), coalesce(sum(active_us), 0), coalesce(sum(waiting_us), 0),
        coalesce(sum(blocked_us), 0)]::bigint[],
    CASE kind WHEN '{TASK}' THEN '{{{{}}}}' ELSE {_FIRST_TASKS} END
FROM cycles_taskpart WHERE kind <> '{BLOCKED}' AND {{which}}
GROUP BY component_id, kind, team_id, coalesce(other_id, 0)
UNION ALL
SELECT component_id, '{ANY}', team_id, 0, count(DISTINCT task_id)::int, '{{{{}}}}', '{{{{}}}}', {_FIRST_TASKS}
FROM cycles_taskpart WHERE kind IN ({STAGES}) AND {{which}} GROUP BY component_id, team_id
"""
_OF_SLAB: Final = "programme_id = %(programme)s AND at >= %(since)s AND at < %(until)s"
_COMPUTE: Final = (
    "INSERT INTO cycles_workblock "
    "(programme_id, first, component_id, kind, team_id, other_id, n, numbers, sums, tasks) "
    f"SELECT %(programme)s, %(first)s, b.* FROM ({BLOCKS_OF.format(which=_OF_SLAB)}) AS b"
)
_LAST: Final = f"""
UPDATE cycles_workslab SET last_at = (SELECT max(at) FROM cycles_taskpart WHERE {_OF_SLAB} AND kind <> '{BLOCKED}')
WHERE programme_id = %(programme)s AND first = %(first)s
"""


def begins(first: date) -> datetime:
    """Give when the week of a slab begins."""
    return datetime.combine(first, time.min, tzinfo=UTC)


def refresh_work(limit: int | None = None) -> int:
    """Compute the blocks of stale weeks anew (at most `limit` of them, the newest first); give how many."""
    return refresh_stale("cycles_workslab", _compute, limit)


def _compute(cursor: CursorWrapper, programme: int, first: date) -> None:
    since = begins(first)
    params: dict[str, Any] = {"programme": programme, "first": first, "since": since, "until": since + WEEK}
    cursor.execute("DELETE FROM cycles_workblock WHERE programme_id = %s AND first = %s", [programme, first])
    cursor.execute(_COMPUTE, params)
    cursor.execute(_LAST, params)

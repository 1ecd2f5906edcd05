"""What tasks were spent on, summed up in one statement over their parts."""

# ruff: noqa: S608 -- the query is put together from our own names only; every value is a parameter

from __future__ import annotations

from typing import Final

from rnd.cycles.clock.stages import WORK as IN_WORK
from rnd.cycles.facts.parts_sql import PARTS
from rnd.cycles.models.work import BLOCKED, HANDED, TASK

# So many tasks a row of a report names at most.
NAMED: Final = 60
STAGES: Final = ", ".join(f"'{stage}'" for stage in sorted(IN_WORK))
# The parts of the tasks that `{tasks}` gives: as they are kept, or from the journal.
KEPT: Final = """part AS (
    SELECT task_id AS task, kind, at, team_id AS team, until, other_id AS other, reason, us, active_us AS active,
        waiting_us AS waiting, blocked_us AS blocked
    FROM cycles_taskpart WHERE task_id IN ({tasks})
)"""
TOLD: Final = PARTS.replace("{which}", "IN ({tasks})")


def _ranked(groups: str, source: str) -> str:
    """Give the values of each group with their ranks, wide enough around each percentile to hold its interval too."""
    # In floats: nothing here has to be exact, and numeric takes ten times as long.
    around = ", ".join(f"({p}::float8, 3 * sqrt(n * {p} * (1 - {p})::float8) + 6)" for p in ("0.5", "0.85", "0.95"))
    return (
        f"(SELECT {groups}, (SELECT jsonb_object_agg(r, ordered[r]) FROM (SELECT DISTINCT generate_series("
        "greatest(1, ceil(n * p - width))::int, least(n, floor(n * p + width))::int) AS r "
        f"FROM (VALUES {around}) AS w (p, width)) AS near) AS ranked FROM (SELECT {groups}, count(*) AS n, "
        f"array_agg(v ORDER BY v) AS ordered FROM {source} WHERE v IS NOT NULL GROUP BY {groups}) AS counted)"
    )


_WITHIN: Final = "at >= %(since)s AND at < %(until)s"
_FIRST: Final = f"(array_agg(DISTINCT task))[1:{NAMED}] AS tasks"
# What blocked by reason, over the parts in `{blocked}`. Lengths are summed as they are, and made numbers once.
OF_REASONS: Final = f"""
SELECT reason, (extract(epoch FROM sum(length)) * 1000000)::bigint AS sum_us, count(*) AS n,
    (array_agg(task ORDER BY task))[1:{NAMED}] AS tasks
FROM (
    SELECT reason COLLATE "C" AS reason, task, sum(ends - begins) AS length
    FROM (SELECT task, reason, greatest(at, %(since)s) AS begins, least(until, %(until)s) AS ends FROM {{blocked}}) AS b
    WHERE begins < ends GROUP BY 1, 2
) AS by_task GROUP BY reason
"""
# One row for each row of a table: which table, and what it says.
WORK: Final = f"""
WITH {{parts}}, worked AS MATERIALIZED (
    SELECT task, team, kind COLLATE "C" AS stage, us AS v, active, waiting, blocked
    FROM part WHERE kind IN ({STAGES}) AND {_WITHIN}
), handed AS MATERIALIZED (
    SELECT task, team AS giver, other AS taker, us AS v FROM part WHERE kind = '{HANDED}' AND {_WITHIN}
), blocked AS (
    SELECT task, reason, at, until FROM part WHERE kind = '{BLOCKED}'
)
SELECT 'every', to_jsonb(f) FROM (SELECT count(*) AS n FROM part WHERE kind = '{TASK}') AS f
UNION ALL
SELECT 'team', to_jsonb(f) FROM (SELECT team, count(DISTINCT task) AS n, {_FIRST} FROM worked GROUP BY team) AS f
UNION ALL
SELECT 'stage', to_jsonb(f) FROM (
    SELECT team, stage, count(*) AS n, sum(v)::bigint AS sum_us, sum(active)::bigint AS active,
        sum(waiting)::bigint AS waiting, sum(blocked)::bigint AS blocked, {_FIRST}
    FROM worked GROUP BY team, stage
) AS every NATURAL JOIN {_ranked("team, stage", "worked")} AS ranks
CROSS JOIN LATERAL (SELECT every.*, ranks.ranked) AS f
UNION ALL
SELECT 'handed', to_jsonb(f) FROM (
    SELECT giver, taker, count(*) AS n, count(v) AS taken, coalesce(sum(v), 0)::bigint AS sum_us, {_FIRST}
    FROM handed GROUP BY giver, taker
) AS every NATURAL LEFT JOIN {_ranked("giver, taker", "handed")} AS ranks
CROSS JOIN LATERAL (SELECT every.*, ranks.ranked) AS f
UNION ALL
SELECT 'blocked', to_jsonb(f) FROM ({OF_REASONS.format(blocked="blocked")}) AS f
"""

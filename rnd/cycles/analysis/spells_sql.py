"""What tasks were spent on, in one statement over the journal of all of them."""

# ruff: noqa: S608 -- the query is put together from our own names only; every value is a parameter

from __future__ import annotations

from typing import Final

# So many tasks a row names at most.
NAMED: Final = 300
_MASK: Final = (1 << 40) - 1


def _length(since: str, until: str) -> str:
    return f"(extract(epoch FROM {until} - {since}) * 1000000)::bigint"


def _ranked(groups: str, source: str) -> str:
    """Give the values of each group with their ranks, wide enough around each percentile to hold its interval too."""
    near = " OR ".join(f"abs(r - n * {p}) <= 3 * sqrt(n * {p} * (1 - {p})) + 6" for p in ("0.5", "0.85", "0.95"))
    return (
        f"(SELECT {groups}, jsonb_object_agg(r, v) AS ranked FROM (SELECT {groups}, v, "
        f"row_number() OVER (PARTITION BY {groups} ORDER BY v) AS r, count(*) OVER (PARTITION BY {groups}) AS n "
        f"FROM {source} WHERE v IS NOT NULL) AS counted WHERE {near} GROUP BY {groups})"
    )


# In the clock's order: the (first) opening, then by claimed time, recorded time and number. An entry
# counts from the latest claim up to it. What an entry says stands behind its place, in a number or a text, so that the
# greatest one up to a moment is the last one: one sort is enough for everything. Of one moment the last state counts.
_SPELLS: Final = f"""
told AS (
    SELECT subject_id AS task, id, kind, least(occurred_at, recorded_at) AS claimed, recorded_at,
        data ->> 'to_stage' AS to_stage, (data ->> 'team_id')::bigint AS team,
        data ->> 'assignee_id' IS NOT NULL AS someone, coalesce(data ->> 'reason', '') AS reason
    FROM journal_entry WHERE subject_type = 'task' AND kind = ANY(%(kinds)s) AND subject_id IN ({{tasks}})
), born AS (
    SELECT *, kind = 'task.opened' AND row_number() OVER (
        PARTITION BY task, kind = 'task.opened' ORDER BY claimed, recorded_at, id) = 1 AS birth FROM told
), placed AS (
    SELECT *, row_number() OVER w AS place, max(claimed) OVER w AS since FROM born
    WINDOW w AS (PARTITION BY task ORDER BY birth DESC, claimed, recorded_at, id ROWS UNBOUNDED PRECEDING)
), held AS (
    SELECT task, place, since, lead(since) OVER (PARTITION BY task ORDER BY place) AS until,
        coalesce(substr(max(CASE WHEN kind = 'task.moved' THEN lpad(place::text, 9, '0') || to_stage END COLLATE "C")
            OVER w, 10), 'queue') AS stage,
        nullif((max(CASE WHEN kind IN ('task.opened', 'task.assigned') THEN (place << 40) | coalesce(team, 0) END)
            OVER w) & {_MASK}, 0) AS team,
        coalesce((max(CASE WHEN kind = 'task.assigned' THEN (place << 1) | someone::int END) OVER w) & 1, 0) = 1
            AS assigned,
        max(CASE kind WHEN 'task.blocked' THEN lpad(place::text, 9, '0') || '+' || reason
            WHEN 'task.unblocked' THEN lpad(place::text, 9, '0') || '-' END COLLATE "C") OVER w AS block
    FROM placed WINDOW w AS (PARTITION BY task ORDER BY place ROWS UNBOUNDED PRECEDING)
), spell AS MATERIALIZED (
    SELECT task, place, since, until, stage, team, assigned,
        CASE WHEN substr(block, 10, 1) = '+' THEN substr(block, 11) END AS reason,
        max(place) FILTER (WHERE stage <> 'done') OVER (PARTITION BY task) AS not_done
    FROM held WHERE until IS NULL OR since < until
)"""
_BY_TEAM: Final = f"""
done AS (
    SELECT task FROM spell WHERE place > coalesce(not_done, 0)
    GROUP BY task HAVING min(since) >= %(since)s AND min(since) < %(until)s
), worked AS MATERIALIZED (
    SELECT task, coalesce(team, 0) AS team, stage, sum(length)::bigint AS v,
        coalesce(sum(length) FILTER (WHERE reason IS NULL AND assigned), 0)::bigint AS active,
        coalesce(sum(length) FILTER (WHERE reason IS NULL AND NOT assigned), 0)::bigint AS waiting,
        coalesce(sum(length) FILTER (WHERE reason IS NOT NULL), 0)::bigint AS blocked
    FROM (SELECT *, {_length("since", "until")} AS length FROM spell WHERE stage IN ('design', 'build', 'test')) AS s
    WHERE task IN (SELECT task FROM done) GROUP BY task, coalesce(team, 0), stage
)"""
_HANDED: Final = f"""
had AS (
    SELECT *, (max(CASE WHEN team IS NOT NULL THEN (place << 40) | team END) OVER (
        PARTITION BY task ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) & {_MASK} AS holder
    FROM spell
), turned AS (
    SELECT *, count(*) FILTER (WHERE team <> holder) OVER (
        PARTITION BY task ORDER BY place ROWS UNBOUNDED PRECEDING) AS number FROM had
), handed AS MATERIALIZED (
    SELECT task, max(holder) FILTER (WHERE team <> holder) AS giver, max(team) FILTER (WHERE team <> holder) AS taker,
        {_length("min(since)", "min(since) FILTER (WHERE assigned)")} AS v
    FROM turned WHERE number > 0 GROUP BY task, number
    HAVING min(since) >= %(since)s AND min(since) < %(until)s
)"""
_FIRST: Final = f"(array_agg(DISTINCT task))[1:{NAMED}] AS tasks"
_BLOCKED: Final = f"""
blocked AS (
    SELECT task, reason, {_length("greatest(since, %(since)s)", "least(coalesce(until, %(until)s), %(until)s)")} AS v
    FROM spell WHERE reason IS NOT NULL AND stage IN ('queue', 'design', 'build', 'test')
)"""
# One row for each row of a table: which table, and what it says.
WORK: Final = f"""
WITH {_SPELLS}, {_BY_TEAM}, {_HANDED}, {_BLOCKED}
SELECT 'every', to_jsonb(f) FROM (SELECT count(DISTINCT task) AS n FROM spell) AS f
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
SELECT 'blocked', to_jsonb(f) FROM (
    SELECT reason, sum(v)::bigint AS sum_us, count(DISTINCT task) AS n, {_FIRST}
    FROM blocked WHERE v > 0 GROUP BY reason
) AS f
"""

"""What the journal says of tasks, as the parts that reports of work count: in one statement, for any set of tasks."""

# ruff: noqa: S608 -- the query is put together from our own names only; every value is a parameter

from __future__ import annotations

from typing import Final

from rnd.cycles.models.work import BLOCKED, HANDED, TASK

KINDS: Final = ("task.opened", "task.assigned", "task.moved", "task.blocked", "task.unblocked")
# What a part says besides which task, kind, moment and team it is of.
SAYS: Final = ("until", "other", "reason", "us", "active", "waiting", "blocked")
# So many numbers of teams and tasks fit beside a place in one number.
_MASK: Final = (1 << 40) - 1
_KINDS: Final = ", ".join(f"'{kind}'" for kind in KINDS)


def length(since: str, until: str) -> str:
    """Give the microseconds between two moments."""
    return f"(extract(epoch FROM {until} - {since}) * 1000000)::bigint"


# In the clock's order: the (first) opening, then by claimed time, recorded time and number. An entry
# counts from the latest claim up to it. What an entry says stands behind its place, in a number or a text, so that the
# greatest one up to a moment is the last one: one sort is enough for everything. Of one moment the last state counts.
_SPELLS: Final = f"""
told AS (
    SELECT subject_id AS task, id, kind, least(occurred_at, recorded_at) AS claimed, recorded_at,
        data ->> 'to_stage' AS to_stage, (data ->> 'team_id')::bigint AS team,
        data ->> 'assignee_id' IS NOT NULL AS someone, coalesce(data ->> 'reason', '') AS reason
    FROM journal_entry WHERE subject_type = 'task' AND kind IN ({_KINDS}) AND subject_id {{which}}
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
_WORKED: Final = f"""
done AS (
    SELECT task, min(since) AS at FROM spell WHERE place > coalesce(not_done, 0) GROUP BY task
), spent AS (
    SELECT task, stage, at, coalesce(team, 0) AS team, sum(length)::bigint AS us,
        coalesce(sum(length) FILTER (WHERE reason IS NULL AND assigned), 0)::bigint AS active,
        coalesce(sum(length) FILTER (WHERE reason IS NULL AND NOT assigned), 0)::bigint AS waiting,
        coalesce(sum(length) FILTER (WHERE reason IS NOT NULL), 0)::bigint AS blocked
    FROM (SELECT *, {length("since", "until")} AS length FROM spell WHERE stage IN ('design', 'build', 'test')) AS s
    JOIN done USING (task) GROUP BY task, stage, at, coalesce(team, 0)
)"""
_HANDED: Final = f"""
-- Most tasks stay with one team.
wandering AS (SELECT task FROM spell WHERE team IS NOT NULL GROUP BY task HAVING min(team) <> max(team)
), had AS (
    SELECT *, (max(CASE WHEN team IS NOT NULL THEN (place << 40) | team END) OVER (
        PARTITION BY task ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) & {_MASK} AS holder
    FROM spell WHERE task IN (SELECT task FROM wandering)
), turned AS (
    SELECT *, count(*) FILTER (WHERE team <> holder) OVER (
        PARTITION BY task ORDER BY place ROWS UNBOUNDED PRECEDING) AS number FROM had
), given AS (
    SELECT task, min(since) AS at, max(holder) FILTER (WHERE team <> holder) AS giver,
        max(team) FILTER (WHERE team <> holder) AS taker,
        {length("min(since)", "min(since) FILTER (WHERE assigned)")} AS us
    FROM turned WHERE number > 0 GROUP BY task, number
)"""
# To stand behind WITH; `{which}` says of which tasks, as `= ANY(…)`, `IN (…)` or `BETWEEN … AND …`.
PARTS: Final = f"""{_SPELLS}, {_WORKED}, {_HANDED}, part AS MATERIALIZED (
    SELECT task, '{TASK}' AS kind, min(since) AS at, 0::bigint AS team, NULL::timestamptz AS until,
        NULL::bigint AS other, NULL AS reason, NULL::bigint AS us, NULL::bigint AS active, NULL::bigint AS waiting,
        NULL::bigint AS blocked
    FROM spell GROUP BY task
    UNION ALL
    SELECT task, stage, at, team, NULL, NULL, NULL, us, active, waiting, blocked FROM spent
    UNION ALL
    SELECT task, '{HANDED}', at, giver, NULL, taker, NULL, us, NULL, NULL, NULL FROM given
    UNION ALL
    SELECT task, '{BLOCKED}', since, 0, until, NULL, reason, NULL, NULL, NULL, NULL
    FROM spell WHERE reason IS NOT NULL AND stage IN ('queue', 'design', 'build', 'test')
)"""

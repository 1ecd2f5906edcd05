"""The work of the tasks of a week by column: what each column holds, and how those of stale weeks are computed anew.

A task is narrowed by the tickets that it serves, which are of its own programme. So beside the columns of the parts
stand those of their *members*: for each part, and each ticket that its task serves, the place of the part and what
reports filter tickets by.

The parts of a week stand by team, by stage or other team, and by task: what a row of the report counts is one piece.
"""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Final

from django.db.backends.utils import CursorWrapper

from rnd.cycles.clock.stages import WORK
from rnd.cycles.facts.columnar.loops import FACETS as OF_LOOPS
from rnd.cycles.facts.columnar.reading import NARROW, NOTHING
from rnd.cycles.facts.raw import FEW, Cursor, array
from rnd.cycles.facts.stale import refresh_stale
from rnd.cycles.models.work import BLOCKED, HANDED, TASK

STAGES: Final = tuple(sorted(WORK))
# What the columns of a week are of: tasks that were opened, stages of tasks that were done, hand-overs.
OPENED, WORKED, GIVEN = "opened", "worked", "given"
_PARTS: Final = {
    OPENED: f"kind = '{TASK}'",
    WORKED: f"kind IN ({', '.join(repr(str(stage)) for stage in STAGES)})",
    GIVEN: f"kind = '{HANDED}'",
}

# What narrows a task by the tickets that it serves, in 32 bits.
MEMBERS: Final = {
    **{name: told for name, told in OF_LOOPS.items() if name not in {"component_id", "modes_recorded"}},
    "part": "p.part",
}
# Of the parts: in 32 bits too (a stage by its place in STAGES, a team by its number or 0).
FACETS: Final = {
    "component_id": "component_id",
    "by_team_id": "team_id",
    "other_id": "coalesce(other_id, 0)",
    "once": "once",
    "stage": f"coalesce(array_position(ARRAY[{', '.join(repr(str(stage)) for stage in STAGES)}], kind::text), 0)",
}
# Of 64 bits. What is neither active nor blocked is waiting.
_NUMBERS: Final = ("task_id", "us", "active_us", "blocked_us")
TYPES: Final = dict.fromkeys((*MEMBERS, *FACETS), NARROW)
_OF_PARTS: Final = {
    **{name: f"int4send(({told})::int)" for name, told in FACETS.items()},
    **{name: f"int8send(coalesce({name}, {NOTHING}))" for name in _NUMBERS},
    "at": "timestamptz_send(at)",
}
_OF_MEMBERS: Final = {name: f"int4send(({told})::int)" for name, told in MEMBERS.items()}
NAMES: Final = frozenset({*_OF_PARTS, *_OF_MEMBERS})


def packed(kind: str, names: Iterable[str], weeks: str) -> str:
    """Give the query (programme, Monday, name, bytes) for these columns of weeks `s`, out of the parts of tasks."""
    wanted = sorted(names)
    return f"""
SELECT * FROM (
    WITH placed AS (
        SELECT s.programme_id AS programme, s.first, p.*,
            row_number() OVER (
                PARTITION BY s.programme_id, s.first ORDER BY team_id, coalesce(other_id, 0), kind, task_id, at
            ) - 1 AS part
        FROM cycles_workslab s JOIN LATERAL (
            SELECT * FROM cycles_taskpart WHERE programme_id = s.programme_id AND {_PARTS[kind]}
            AND at >= s.first::timestamp AT TIME ZONE 'UTC'
            AND at < (s.first + 7)::timestamp AT TIME ZONE 'UTC' OFFSET 0
        ) AS p ON true WHERE {weeks}
    ), parts AS MATERIALIZED (
        -- Whether it is the first of its task with this team: so the tasks of a team are counted once.
        SELECT *, (row_number() OVER (PARTITION BY programme, first, team_id, task_id ORDER BY part) = 1)::int AS once
        FROM placed
    )
    {" UNION ALL ".join(_told(wanted))}
) AS {kind}
"""


_MEMBERS: Final = (
    "parts p JOIN engineering_taskticket t ON t.task_id = p.task_id JOIN cycles_loop l ON l.ticket_id = t.ticket_id"
)


def _told(wanted: Iterable[str]) -> Iterator[str]:
    """Give the queries for the wanted columns, of the parts and of their members, one row for each column."""
    for told, source, order in ((_OF_PARTS, "parts p", "part"), (_OF_MEMBERS, _MEMBERS, "part, l.ticket_id")):
        names = [name for name in wanted if name in told]
        columns = ", ".join(f"string_agg({told[name]}, ''::bytea ORDER BY {order}) AS {name}" for name in names)
        if names:
            yield f"""
    SELECT programme, first, name, packed
    FROM (SELECT programme, p.first, {columns} FROM {source} GROUP BY programme, p.first) AS packed,
        LATERAL (VALUES {", ".join(f"('{name}', {name})" for name in names)}) AS each (name, packed)"""


def refresh_work(limit: int | None = None) -> int:
    """Compute the columns of stale weeks anew (at most `limit` of them, the newest first); give how many."""
    return refresh_stale("cycles_workslab", _compute, limit)


def _compute(cursor: CursorWrapper, programme: int, first: date) -> None:
    cursor.execute("DELETE FROM cycles_workcolumn WHERE programme_id = %s AND first = %s", [programme, first])
    cursor.execute("SET LOCAL work_mem = '64MB'")
    for kind in _PARTS:
        query = packed(kind, NAMES, "s.programme_id = %s AND s.first = %s")
        cursor.execute(
            "INSERT INTO cycles_workcolumn (programme_id, first, name, packed, kind) "
            f"SELECT told.*, '{kind}' FROM ({query}) AS told",
            [programme, first],
        )


# All that is counted of a task, in the order in which every writer touches weeks.
# A week that is stale stays as it is, but locked: who packs it reads what we wrote, or has gone before and we wait.
_TOUCH: Final = f"""
INSERT INTO cycles_workslab AS w (programme_id, first, version, computed)
SELECT programme_id, date_trunc('week', at AT TIME ZONE 'UTC')::date, 1, 0 FROM cycles_taskpart
WHERE kind <> '{BLOCKED}' AND task_id {{which}} {{after}} GROUP BY 1, 2 ORDER BY 1, 2
ON CONFLICT (programme_id, first) DO UPDATE SET version = w.version + 1 WHERE w.computed >= w.version
"""
# The weeks in which anything counts of a task that serves one of these tickets.
TOUCH_SERVING: Final = _TOUCH.format(
    which="IN (SELECT task_id FROM engineering_taskticket WHERE ticket_id = ANY({tickets}::bigint[]))", after="{after}"
)


def touch_serving(cursor: Cursor, tickets: Collection[int]) -> None:
    """Let the weeks be stale in which anything counts of a task that serves one of these tickets."""
    cursor.execute(TOUCH_SERVING.format(tickets="%s", after="").encode(), [array(tickets)])


def touch_tasks(cursor: Cursor, tasks: Collection[int]) -> None:
    """Let the weeks be stale in which anything counts of these tasks."""
    query = _TOUCH.format(which="= ANY(%s::bigint[])", after="")
    cursor.execute(query.encode(), [array(tasks)], prepare=len(tasks) <= FEW)

"""Compute what reports of work count of some tasks from the journal, in place of what was stored of them before."""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from collections.abc import Collection
from typing import Final, LiteralString

from django.db import transaction

from foundation.kit.transactions import lock_number
from rnd.cycles.harvest import Cursor
from rnd.cycles.models_work import BLOCKED
from rnd.cycles.parts_sql import PARTS
from rnd.cycles.raw import FEW, array, cursor

# So many neighbouring tasks share a lock, and make a chunk of a rebuild.
BLOCK: Final = 4096
_LOCKS: Final = lock_number("cycles.project_tasks") >> 32

_KEY: Final = ("task_id", "kind", "at", "team_id")
_SAID: Final = ("until", "other_id", "reason", "us", "active_us", "waiting_us", "blocked_us")
_OF: Final = ("programme_id", "component_id")
_ALL: Final = ", ".join((*_KEY, *_SAID, *_OF))


def _pairs(pattern: LiteralString, names: tuple[LiteralString, ...], joint: LiteralString) -> LiteralString:
    return joint.join(pattern.format(name) for name in names)


_DIFFERING: Final = f"""
WITH {PARTS}, fresh AS (
    SELECT task AS task_id, kind, at, team AS team_id, until, other AS other_id, reason, us, active AS active_us,
        waiting AS waiting_us, blocked AS blocked_us, programme_id, component_id
    FROM part JOIN engineering_task t ON t.id = task
), stored AS (
    SELECT {_ALL} FROM cycles_taskpart WHERE task_id {{which}}
), differing AS MATERIALIZED (
    SELECT f.task_id IS NULL AS gone, {_pairs("coalesce(f.{0}, s.{0}) AS {0}", (*_KEY, *_OF), ", ")},
        {_pairs("f.{0}", _SAID, ", ")}
    FROM fresh f FULL JOIN stored s ON {_pairs("f.{0} = s.{0}", _KEY, " AND ")}
    WHERE f.task_id IS NULL OR s.task_id IS NULL
        OR ({_pairs("f.{0}", _SAID, ", ")}) IS DISTINCT FROM ({_pairs("s.{0}", _SAID, ", ")})
)"""
# Only what differs is written, and makes its week stale. (One row may not be changed twice in one statement: what goes
# and what is put in its place have different keys.)
_WRITING: Final = f"""
, removed AS (
    DELETE FROM cycles_taskpart p USING differing d WHERE d.gone AND {_pairs("p.{0} = d.{0}", _KEY, " AND ")}
), written AS (
    INSERT INTO cycles_taskpart ({_ALL}) SELECT {_ALL} FROM differing WHERE NOT gone
    ON CONFLICT ({", ".join(_KEY)}) DO UPDATE SET {_pairs("{0} = excluded.{0}", _SAID, ", ")}
), touched AS (
    INSERT INTO cycles_workslab AS w (programme_id, first, version, computed)
    SELECT DISTINCT programme_id, date_trunc('week', at AT TIME ZONE 'UTC')::date, 1, 0
    FROM differing WHERE kind <> '{BLOCKED}' ORDER BY 1, 2
    ON CONFLICT (programme_id, first) DO UPDATE SET version = w.version + 1
)"""
_TASKS: Final = "\nSELECT DISTINCT task_id FROM differing"
_OF_SOME: Final = "= ANY(%(tasks)s::bigint[])"
_OF_RANGE: Final = "BETWEEN %(first)s AND %(last)s"
_PROJECT: Final = _DIFFERING + _WRITING + _TASKS
_COMPARE: Final = _DIFFERING + _TASKS


@transaction.atomic(savepoint=False)  # whoever calls it loses or keeps everything together
def project_tasks(*, task_ids: Collection[int]) -> int:
    """Bring the parts of these tasks up to date; give of how many tasks anything changed.

    Doing it again changes nothing, whatever the order in which entries arrived.
    """
    if not task_ids:
        return 0
    few = len(task_ids) <= FEW
    with cursor() as bare:
        # Who reads later must also write later. What is asked for a few tasks is planned once a connection.
        bare.execute(
            "SELECT pg_advisory_xact_lock(%s, block), set_config('plan_cache_mode', %s, true) "
            "FROM (SELECT unnest(%s::int[]) AS block ORDER BY 1) AS blocks",
            [_LOCKS, "force_generic_plan" if few else "auto", sorted({task // BLOCK for task in task_ids})],
        )
        return len(_asked(bare, _PROJECT, task_ids))


def differing_tasks(task_ids: Collection[int]) -> list[int]:
    """Give those of which the stored parts are not what the journal says, without changing anything."""
    with cursor() as bare:
        return sorted(_asked(bare, _COMPARE, task_ids))


def _asked(bare: Cursor, query: LiteralString, task_ids: Collection[int]) -> list[int]:
    first, last = min(task_ids), max(task_ids)
    few = len(task_ids) <= FEW
    # All numbers of a range within the lock of one block: what is no task has no parts.
    if not few and first // BLOCK == last // BLOCK and last - first < 2 * len(task_ids):
        found = bare.execute(query.replace("{which}", _OF_RANGE), {"first": first, "last": last})
    else:
        found = bare.execute(query.replace("{which}", _OF_SOME), {"tasks": array(task_ids)}, prepare=few)
    return [row[0] for row in found]

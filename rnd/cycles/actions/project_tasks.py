"""Compute what reports of work count of some tasks from the journal, in place of what was stored of them before."""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import numpy as np
from django.db import transaction

from foundation.kit.transactions import lock_number
from rnd.cycles.facts.lean.parts import Row, Told, parts_of
from rnd.cycles.facts.lean.parts_rows import kept_of, replace, stored_of, told_of
from rnd.cycles.facts.parts_sql import PARTS
from rnd.cycles.facts.raw import FEW, Cursor, among, cursor
from rnd.cycles.facts.vector.harvest import harvest_parts
from rnd.cycles.facts.vector.storing import store_parts

# So many neighbouring tasks share a lock, and make a chunk of a rebuild.
BLOCK: Final = 4096
_LOCKS: Final = lock_number("cycles.project_tasks") >> 32

_KEY: Final = "task_id, kind, at, team_id"
_SAID: Final = "until, other_id, reason, us, active_us, waiting_us, blocked_us"
_COMPARE: Final = f"""
WITH {PARTS}, fresh AS (
    SELECT task, kind, at, team, until, other, reason, us, active, waiting, blocked
    FROM part JOIN engineering_task t ON t.id = task
), stored AS (
    SELECT {_KEY}, {_SAID} FROM cycles_taskpart WHERE task_id {{which}}
)
SELECT DISTINCT task FROM (
    (SELECT * FROM fresh EXCEPT SELECT * FROM stored) UNION ALL (SELECT * FROM stored EXCEPT SELECT * FROM fresh)
) AS differing ORDER BY 1
"""


@transaction.atomic(savepoint=False)  # whoever calls it loses or keeps everything together
def project_tasks(*, task_ids: Collection[int]) -> int:
    """Bring the parts of these tasks up to date; give of how many tasks anything changed.

    Doing it again changes nothing, whatever the order in which entries arrived.
    """
    if not task_ids:
        return 0
    with cursor() as bare:
        # Who reads later must also write later. What is asked for a few tasks is planned once a connection.
        bare.execute(
            "SELECT pg_advisory_xact_lock(%s, block), set_config('plan_cache_mode', %s, true) "
            "FROM (SELECT unnest(%s::int[]) AS block ORDER BY 1) AS blocks",
            [
                _LOCKS,
                "force_generic_plan" if len(task_ids) <= FEW else "auto",
                sorted({task // BLOCK for task in task_ids}),
            ],
        )
        return (_project_few if len(task_ids) <= FEW else _project_many)(bare, task_ids)


def _project_few(bare: Cursor, task_ids: Collection[int]) -> int:
    told, (tasks, stored) = told_of(bare, task_ids), kept_of(bare, task_ids)
    return _store(bare, stored, _parts(tasks, told))


def _project_many(bare: Cursor, task_ids: Collection[int]) -> int:
    parts, odd = harvest_parts(bare, task_ids)
    wanted = set(task_ids)
    stored = {part for part in stored_of(bare, task_ids) if part[0] in wanted}
    if stored or odd:
        return _store(bare, stored, [*parts.rows(), *_parts(kept_of(bare, odd)[0], told_of(bare, odd))])
    store_parts(bare, parts)
    return len(np.unique(parts.of("task_id")))


def _parts(tasks: Mapping[int, tuple[int, int, int]], told: dict[int, list[Told]]) -> list[Row]:
    return [part for task in sorted(told.keys() & tasks.keys()) for part in parts_of(tasks[task], told[task])]


def _store(bare: Cursor, stored: set[Row], said: list[Row]) -> int:
    """Store what is said in place of what was stored; give of how many tasks that is not the same."""
    fresh, gone = [part for part in said if part not in stored], stored.difference(said)
    if fresh or gone:
        replace(bare, gone, fresh)
    return len({part[0] for some in (fresh, gone) for part in some})


def differing_tasks(task_ids: Collection[int]) -> list[int]:
    """Give those of which the stored parts are not what the journal says, without changing anything."""
    which, params = among("", task_ids)
    with cursor() as bare:
        return [row[0] for row in bare.execute(_COMPARE.replace("{which}", which), 2 * params)]

"""Compute what reports of work count of some tasks from the journal, in place of what was stored of them before."""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np
from django.db import transaction

from rnd.cycles.facts.lean.parts import Row, parts_of
from rnd.cycles.facts.lean.parts_rows import Read, read, replace, stored_of
from rnd.cycles.facts.parts_sql import PARTS
from rnd.cycles.facts.raw import FEW, Cursor, among, cursor
from rnd.cycles.facts.turns import TASKS
from rnd.cycles.facts.vector.harvest import harvest_parts
from rnd.cycles.facts.vector.storing import store_parts

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


def project_tasks(*, task_ids: Collection[int]) -> int:
    """Bring the parts of these tasks up to date; give of how many tasks anything changed.

    Doing it again changes nothing, whatever the order in which entries arrived.
    """
    if not task_ids:
        return 0
    few = len(task_ids) <= FEW
    with cursor(kept=few) as bare:
        # Most entries change no part. Who looks needs no turn: of two that read, only the one who writes must be last.
        if few and not any(_differing(read(bare, task_ids))):
            return 0
        with transaction.atomic(savepoint=False):
            TASKS.wait(bare, task_ids)
            return (_project_few if few else _project_many)(bare, task_ids)


def _project_few(bare: Cursor, task_ids: Collection[int]) -> int:
    return _store(bare, *_differing(read(bare, task_ids)))


def _project_many(bare: Cursor, task_ids: Collection[int]) -> int:
    parts, odd = harvest_parts(bare, task_ids)
    wanted = set(task_ids)
    stored = {part for part in stored_of(bare, task_ids) if part[0] in wanted}
    if stored or odd:
        said = [*parts.rows(), *(_parts(read(bare, odd)) if odd else ())]
        return _store(bare, stored.difference(said), [part for part in said if part not in stored])
    store_parts(bare, parts)
    return len(np.unique(parts.of("task_id")))


def _differing(found: Read) -> tuple[set[Row], list[Row]]:
    """Give the parts that are stored and not true, and those that are true and not stored."""
    said = _parts(found)
    return found.stored.difference(said), [part for part in said if part not in found.stored]


def _parts(found: Read) -> list[Row]:
    return [
        part
        for task in sorted(found.told.keys() & found.tasks)
        for part in parts_of(found.tasks[task], found.told[task])
    ]


def _store(bare: Cursor, gone: set[Row], fresh: list[Row]) -> int:
    """Store fresh parts in place of those that are gone; give of how many tasks these are."""
    if fresh or gone:
        replace(bare, gone, fresh)
    return len({part[0] for some in (fresh, gone) for part in some})


def differing_tasks(task_ids: Collection[int]) -> list[int]:
    """Give those of which the stored parts are not what the journal says, without changing anything."""
    which, params = among("", task_ids)
    with cursor() as bare:
        return [row[0] for row in bare.execute(_COMPARE.replace("{which}", which), 2 * params)]

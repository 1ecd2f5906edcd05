"""What tasks were spent on, out of the blocks of whole weeks, and the parts of what they do not hold."""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import connections

from rnd.cycles.analysis.order import places
from rnd.cycles.analysis.work_sql import OF_REASONS
from rnd.cycles.figures import FEWEST, PERCENTILES
from rnd.cycles.models_work import ANY, BLOCKED, HANDED, TASK
from rnd.cycles.selection import pick_each
from rnd.cycles.work_blocks import BLOCKS_OF, NAMED, WEEK, begins

# The rows of each table of the report, by the table's name.
Rows = dict[str, list[dict[str, Any]]]
Query = tuple[str, list[Any]]
# The parts of so many weeks are read, and read again for each question; of more, one statement over all is quicker.
MOST_WINDOWS: Final = 8
TRIES: Final = 3
_COLUMNS: Final = "component_id, kind, team_id, other_id, n, numbers, sums, tasks"


@dataclass(slots=True)
class Asked:
    """Whose tasks (component None: of all) in which time, and from where it is read."""

    using: str
    programmes: Collection[int]
    component: int | None
    since: datetime
    until: datetime


@dataclass(slots=True)
class _Places:
    """Whole weeks whose blocks are fresh, by programme, and windows of time."""

    whole: dict[int, list[date]] = field(default_factory=lambda: defaultdict(list))
    windows: list[tuple[int, datetime, datetime]] = field(default_factory=list)

    def blocks(self, asked: Asked) -> Query:
        """Give the query for all blocks, those of the windows computed on the spot."""
        whose, given = ("", []) if asked.component is None else (" AND component_id = %s", [asked.component])
        parts, params = [], []
        for programme, firsts in self.whole.items():
            parts.append(
                f"SELECT {_COLUMNS} FROM cycles_workblock WHERE programme_id = %s AND first = ANY(%s) "
                f"AND kind <> '{TASK}'{whose}"
            )
            params += [programme, firsts, *given]
        if self.windows:
            within = " OR ".join(["(programme_id = %s AND at >= %s AND at < %s)"] * len(self.windows))
            parts.append(BLOCKS_OF.format(which=f"kind <> '{TASK}' AND ({within}){whose}"))
            params += [*(value for window in self.windows for value in window), *given] * 2
        return " UNION ALL ".join(parts), params


def rolled_work(asked: Asked) -> Rows | None:
    """Give the rows of each table; None where too much is stale, or changes all the time."""
    for _try in range(TRIES):
        slabs = _slabs(asked)
        where = _Places()
        for slab in slabs:
            _place(where, asked, *slab)
        if len(where.windows) > MOST_WINDOWS or sum(stale for *_slab, stale in slabs) > MOST_WINDOWS:
            return None
        found: Rows = {"every": [{"n": _every(asked, slabs)}], "blocked": _blocked(asked)}
        blocks, params = where.blocks(asked)
        groups = _groups(asked.using, f"({blocks}) AS b ({_COLUMNS})", params) if blocks else {}
        if groups is not None and _slabs(asked) == slabs:
            return found | groups
    return None


def _slabs(asked: Asked) -> list[tuple[int, date, datetime | None, int, int, bool]]:
    with connections[asked.using].cursor() as cursor:
        cursor.execute(
            "SELECT programme_id, first, last_at, version, computed, computed < version FROM cycles_workslab "
            "WHERE programme_id = ANY(%s) ORDER BY programme_id, first",
            [list(asked.programmes)],
        )
        found: list[tuple[int, date, datetime | None, int, int, bool]] = cursor.fetchall()
    return found


def _place(where: _Places, asked: Asked, programme: int, first: date, *rest: Any) -> None:
    """Put one week where it belongs: whole, as a window (joined to the one before it), or nowhere."""
    last_at, _version, _computed, stale = rest
    begin = begins(first)
    end = begin + WEEK
    if end <= asked.since or begin >= asked.until:
        return
    ended = end <= asked.until or (last_at is not None and last_at < asked.until)
    if begin >= asked.since and ended and not stale:
        where.whole[programme].append(first)
        return
    begin, end = max(begin, asked.since), min(end, asked.until)
    if where.windows and where.windows[-1][0] == programme and where.windows[-1][2] == begin:
        begin = where.windows.pop()[1]
    where.windows.append((programme, begin, end))


def _every(asked: Asked, slabs: Sequence[tuple[Any, ...]]) -> int:
    """Count the tasks, whenever they were opened."""
    whose, given = ("", []) if asked.component is None else (" AND component_id = %s", [asked.component])
    n = 0
    with connections[asked.using].cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n), 0) FROM cycles_workblock b JOIN cycles_workslab s USING (programme_id, first) "
            f"WHERE s.computed = s.version AND programme_id = ANY(%s) AND kind = '{TASK}'{whose}",
            [list(asked.programmes), *given],
        )
        n += int(cursor.fetchone()[0])
        for programme, first, *_versions, stale in slabs:
            if stale:
                cursor.execute(
                    f"SELECT count(*) FROM cycles_taskpart WHERE kind = '{TASK}' AND programme_id = %s AND at >= %s "
                    f"AND at < %s{whose}",
                    [programme, begins(first), begins(first) + WEEK, *given],
                )
                n += int(cursor.fetchone()[0])
    return n


def _blocked(asked: Asked) -> list[dict[str, Any]]:
    whose = "" if asked.component is None else "AND component_id = %(component)s"
    parts = (
        f"(SELECT task_id AS task, reason, at, until FROM cycles_taskpart WHERE kind = '{BLOCKED}' "
        "AND programme_id = ANY(%(programmes)s) AND at < %(until)s "
        f"AND (until IS NULL OR until > %(since)s) {whose}) AS blocked"
    )
    with connections[asked.using].cursor() as cursor:
        cursor.execute(
            OF_REASONS.format(blocked=parts),
            {
                "programmes": list(asked.programmes), "component": asked.component, "since": asked.since,
                "until": asked.until,
            },
        )  # fmt: skip
        return [dict(zip(("reason", "sum_us", "n", "tasks"), row, strict=True)) for row in cursor.fetchall()]


_GROUP: Final = "kind || ' ' || team_id || ' ' || other_id"
_SUMS: Final = ", ".join(f"coalesce(sum(sums[{place}]), 0)" for place in range(1, 5))
# Where the first tasks of a group end: that many there are in the blocks that end first.
_EDGES: Final = f"""
SELECT g, min(last) FROM (
    SELECT g, last, sum(many) OVER (PARTITION BY g ORDER BY last) AS upto FROM (
        SELECT {_GROUP} AS g, cardinality(tasks) AS many, tasks[cardinality(tasks)] AS last FROM {{blocks}} OFFSET 0
    ) AS ends
) AS counted WHERE upto >= {NAMED} GROUP BY g
"""
_TASKS: Final = f"""
SELECT w.g, found.tasks FROM unnest(%s::text[], %s::bigint[]) WITH ORDINALITY AS w (g, edge, j) JOIN (
    SELECT j, (array_agg(DISTINCT x))[1:{NAMED}] AS tasks FROM (
        SELECT w.j, w.edge, b.tasks FROM (SELECT {_GROUP} AS g, tasks FROM {{blocks}} OFFSET 0) AS b
        JOIN unnest(%s::text[], %s::bigint[]) WITH ORDINALITY AS w (g, edge, j) ON w.g = b.g
        WHERE b.tasks[1] <= w.edge OFFSET 0
    ) AS near, unnest(tasks) AS x WHERE x <= edge GROUP BY j
) AS found USING (j)
"""
_FAR: Final = 2**62


def _groups(using: str, blocks: str, params: Sequence[Any]) -> Rows | None:
    """Give the rows of the teams, their stages and the hand-overs; None where the blocks changed meanwhile."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT {_GROUP}, kind, team_id, other_id, count(*), sum(n), sum(cardinality(numbers)), {_SUMS} "
            f"FROM {blocks} GROUP BY kind, team_id, other_id",
            params,
        )
        summed = cursor.fetchall()
        tasks = _first_tasks(cursor, blocks, params, {group: int(n) for group, _k, _t, _o, _pieces, n, *_r in summed})
    picked = pick_each(
        using,
        f"SELECT {_GROUP}, cardinality(numbers), numbers FROM {blocks} WHERE kind <> '{ANY}'",
        params,
        {group: (int(taken), pieces) for group, _k, _t, _o, pieces, _n, taken, *_r in summed},
        lambda n: places(n, PERCENTILES) if n >= FEWEST else (),
    )
    if picked is None:
        return None
    found: Rows = {"team": [], "stage": [], "handed": []}
    for group, kind, team, other, _pieces, *counts in summed:
        n, taken, *sums = map(int, counts)
        row = {
            "n": n,
            "taken": taken,
            "ranked": {str(rank): value for rank, value in picked.get(group, {}).items()},
            "tasks": tasks[group],
            **dict(zip(("sum_us", "active", "waiting", "blocked"), sums, strict=True)),
        }
        if kind == ANY:
            found["team"].append({**row, "team": team})
        elif kind == HANDED:
            found["handed"].append({**row, "giver": team, "taker": other})
        else:
            found["stage"].append({**row, "team": team, "stage": kind})
    return found


def _first_tasks(cursor: Any, blocks: str, params: Sequence[Any], counts: Mapping[str, int]) -> dict[str, list[int]]:
    """Give the first tasks of each group, each once."""
    cursor.execute(_EDGES.format(blocks=blocks), params)
    edges = dict.fromkeys(counts, _FAR) | dict(cursor.fetchall())
    found: dict[str, list[int]] = {}
    while edges:
        asked = [[*edges], [*edges.values()]]
        cursor.execute(_TASKS.format(blocks=blocks), [*asked, *params, *asked])
        found |= dict(cursor.fetchall())
        # A task that was handed over more than once stands in several blocks: then too few may lie before the edge.
        edges = {
            group: _FAR
            for group, edge in edges.items()
            if edge < _FAR and len(found.get(group, ())) < min(NAMED, counts[group])
        }
    return {group: found.get(group, []) for group in counts}

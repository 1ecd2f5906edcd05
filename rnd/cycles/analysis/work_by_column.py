"""What tasks were spent on, counted column by column (`columnar`): for whoever may see whole programmes."""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

import numpy as np
from django.db import connections

from rnd.cycles.analysis.order import places
from rnd.cycles.analysis.work_sql import NAMED, OF_REASONS
from rnd.cycles.facts.columnar.parts import TaskParts
from rnd.cycles.facts.columnar.ranks import TRIES, Values, changing
from rnd.cycles.facts.columnar.reading import NOTHING, Arrays, Numbers, there
from rnd.cycles.facts.columnar.work import GIVEN, MEMBERS, OPENED, STAGES, WORKED
from rnd.cycles.models.work import BLOCKED
from rnd.cycles.statistics.figures import FEWEST, PERCENTILES

# A team, and a stage (by its place in STAGES) or another team.
Key = tuple[int, int]
# The rows of each table of the report, by the table's name.
Rows = dict[str, list[dict[str, Any]]]
_SUMS: Final = ("n", "taken", "sum_us", "active", "waiting", "blocked")
_LENGTHS: Final = ("us", "active_us", "blocked_us")


def rows_of(parts: TaskParts) -> Rows:
    """Give the rows of each table."""
    for _try in range(TRIES):
        teams, worked = _counted(parts, WORKED, "stage")
        _givers, given = _counted(parts, GIVEN, "other_id")
        if worked is not None and given is not None:
            break
    else:
        raise changing()
    opened = sum(len(arrays["component_id"]) for arrays in parts.read(OPENED, "component_id"))
    return {
        "every": [{"n": opened}],
        "team": [{"team": team, "n": some.n, "tasks": some.named()} for team, some in teams.items()],
        "stage": [{"team": team, "stage": STAGES[stage - 1], **row} for (team, stage), row in worked.items()],
        "handed": [{"giver": giver, "taker": taker, **row} for (giver, taker), row in given.items()],
        "blocked": _blocked(parts),
    }


def _counted(parts: TaskParts, kind: str, other: str) -> tuple[dict[int, _Tasks], dict[Key, dict[str, Any]] | None]:
    """Give the tasks of each team, and a row for each team and stage or other team (None: they are changing).

    Whatever was counted of a task when it was done stands in one week: so does what there is of it in a team.
    """
    teams: dict[int, _Tasks] = defaultdict(_Tasks)
    tasks: dict[Key, _Tasks] = defaultdict(_Tasks)
    sums: dict[Key, list[int]] = defaultdict(lambda: [0] * len(_SUMS))
    values = Values[Key]()
    for arrays in parts.read(kind, "by_team_id", other, "task_id", "once", *_LENGTHS):
        for key, piece, (taken, length, active, blocked) in _by_key(arrays, other, _LENGTHS):
            those = arrays["task_id"][piece]
            counted = (len(those), taken, length, active, length - active - blocked, blocked)
            sums[key] = [one + another for one, another in zip(sums[key], counted, strict=True)]
            tasks[key].add(those)
            teams[key[0]].add(those[arrays["once"][piece] != 0])
            values.add(key, there(arrays["us"][piece]))
    picked = values.picked(
        lambda n: places(n, PERCENTILES) if n >= FEWEST else (),
        lambda: (
            (key, there(arrays["us"][piece]))
            for arrays in parts.read(kind, "by_team_id", other, "us")
            for key, piece, _sums in _by_key(arrays, other, ("us",))
        ),
    )
    if picked is None:
        return teams, None
    return teams, {
        key: {
            **dict(zip(_SUMS, counted, strict=True)),
            "ranked": {str(rank): value for rank, value in picked[key].values.items()},
            "tasks": tasks[key].named(),
        }
        for key, counted in sums.items()
    }


def _blocked(parts: TaskParts) -> list[dict[str, Any]]:
    """Give the rows of what blocked. These are few tasks: each of them asks for its tickets."""
    whose = "" if parts.component is None else "AND component_id = %(component)s"
    if parts.serving is not None:
        columns = "".join(f" AND {MEMBERS[name]} = %({name})s" for name in parts.serving)
        whose += (
            " AND EXISTS (SELECT FROM engineering_taskticket t JOIN cycles_loop l ON l.ticket_id = t.ticket_id "
            f"WHERE t.task_id = p.task_id AND l.programme_id = ANY(%(programmes)s){columns} OFFSET 0)"
        )
    blocked = (
        f"(SELECT task_id AS task, reason, at, until FROM cycles_taskpart p WHERE kind = '{BLOCKED}' "
        "AND programme_id = ANY(%(programmes)s) AND at < %(until)s "
        f"AND (until IS NULL OR until > %(since)s) {whose}) AS blocked"
    )
    params: dict[str, Any] = {
        "programmes": parts.programmes, "component": parts.component, "since": parts.since, "until": parts.until,
    }  # fmt: skip
    with connections[parts.using].cursor() as cursor:
        cursor.execute(OF_REASONS.format(blocked=blocked), {**params, **(parts.serving or {})})
        return [dict(zip(("reason", "sum_us", "n", "tasks"), row, strict=True)) for row in cursor.fetchall()]


@dataclass(slots=True)
class _Tasks:
    """How many tasks were added, and the first NAMED of them, each once."""

    n: int = 0
    first: Numbers = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def add(self, tasks: Numbers) -> None:
        """Add tasks that were not counted yet, in ascending order."""
        self.n += len(tasks)
        if len(tasks) and (len(self.first) < NAMED or tasks[0] < self.first[-1]):
            self.first = np.unique(np.concatenate([self.first, np.unique(tasks)[:NAMED]]))[:NAMED]

    def named(self) -> list[int]:
        return [int(task) for task in self.first]


def _by_key(arrays: Arrays, other: str, lengths: Sequence[str]) -> Iterator[tuple[Key, slice, list[int]]]:
    """Give of each pair of a team and a stage or other team where its parts stand: they are one piece.

    And how many of them have the first length, with the sum of each of the lengths.
    """
    keys = (arrays["by_team_id"] << 32) | arrays[other]
    begins = np.flatnonzero(np.diff(keys, prepend=-1))
    counted = [np.add.reduceat((arrays[lengths[0]] != NOTHING).astype(np.int64), begins)]
    for name in lengths:
        values = arrays[name]
        counted.append(np.add.reduceat(np.where(values == NOTHING, 0, values), begins))
    for (begin, end), *sums in zip(pairwise([*begins, len(keys)]), *counted, strict=True):
        yield (
            (int(arrays["by_team_id"][begin]), int(arrays[other][begin])),
            slice(begin, end),
            [int(one) for one in sums],
        )

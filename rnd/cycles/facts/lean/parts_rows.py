"""Parts of tasks as bare rows: read together with what the journal says of them, written as COPY takes them."""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from struct import Struct
from typing import Final, NamedTuple, TypeVar

from rnd.cycles.facts.columnar.reading import Numbers
from rnd.cycles.facts.lean.harvest import OF_TASK
from rnd.cycles.facts.lean.parts import COLUMNS, Row, Told
from rnd.cycles.facts.parts_sql import KINDS
from rnd.cycles.facts.raw import DAY, FEW, NULL, Cursor, among, array, bigint, copy_in, from_int, rows, word
from rnd.cycles.models.work import BLOCKED

Moments = TypeVar("Moments", int, Numbers)

_AT, _TEAM, _KIND = (COLUMNS.index(name) for name in ("at", "team_id", "kind"))
_WEEK: Final = 7 * DAY
_MONDAY: Final = 2 * DAY  # the first one since 2000, in microseconds
_FIRST: Final = date(2000, 1, 3)
# Entries are computed with behind the journal's months, not in each of them: to prepare that takes longer than to read
# a few. Of what is stored there is a row for each part, or one for a task without any.
_TOLD_WIDTH: Final = 9
_READ: Final = (
    f"SELECT {OF_TASK}, CASE WHEN kind IN ('task.opened', 'task.assigned') THEN (data->>'team_id')::bigint END, "
    "CASE kind WHEN 'task.blocked' THEN coalesce(data->>'reason', '') END, "
    f"{', '.join(['NULL'] * len(COLUMNS))} FROM ("
    "SELECT subject_id, id, kind, occurred_at, recorded_at, data FROM journal_entry WHERE subject_type = 'task' "
    f"AND kind IN ({', '.join(f'{kind!r}' for kind in KINDS)}) AND {{entries}} OFFSET 0) AS entries "
    f"UNION ALL SELECT {', '.join(['NULL'] * _TOLD_WIDTH)}, t.id, t.programme_id, t.component_id, "
    f"{', '.join(f'p.{name}' for name in COLUMNS[3:])} "
    "FROM engineering_task t LEFT JOIN cycles_taskpart p ON p.task_id = t.id WHERE {tasks}"
)
# The range keeps PostgreSQL from going through all parts.
_GONE: Final = (
    "DELETE FROM cycles_taskpart p USING unnest(%s::bigint[], %s::text[], %s::bigint[], %s::timestamptz[]) "
    "AS d (task, kind, team, at) WHERE p.task_id BETWEEN %s::bigint AND %s::bigint "
    "AND (p.task_id, p.kind, p.at, p.team_id) = (d.task, d.kind, d.at, d.team)"
)
_TOUCH: Final = (
    "INSERT INTO cycles_workslab AS w (programme_id, first, version, computed) "
    "SELECT p, f, 1, 0 FROM unnest(%s::bigint[], %s::date[]) AS t (p, f) ORDER BY 1, 2 "
    "ON CONFLICT (programme_id, first) DO UPDATE SET version = w.version + 1"
)
_COPY: Final = f"COPY cycles_taskpart ({', '.join(COLUMNS)}) FROM STDIN (FORMAT BINARY)"
_COUNT: Final = Struct(">h").pack(len(COLUMNS))


class Read(NamedTuple):
    """What there is of some tasks at one moment: number, programme and component by task, entries by task, parts."""

    tasks: dict[int, tuple[int, int, int]]
    told: dict[int, list[Told]]
    stored: set[Row]


def read(cursor: Cursor, tasks: Collection[int]) -> Read:
    """Read what the journal says of these tasks, and what is stored of them; one query."""
    entries, params = among("subject_id", tasks)
    query = _READ.format(entries=entries, tasks=among("t.id", tasks)[0])
    wanted, found = set(tasks), Read({}, {}, set())
    for row in rows(cursor, query, *params, *params, often=len(tasks) <= FEW):
        if row[2] is not None:
            found.told.setdefault(row[6], []).append(row[:_TOLD_WIDTH])
        elif (part := row[_TOLD_WIDTH:])[0] in wanted:
            found.tasks[part[0]] = part[:3]
            if part[3] is not None:
                found.stored.add(part)
    return found


def stored_of(cursor: Cursor, tasks: Collection[int]) -> set[Row]:
    """Give the parts that are stored of the tasks (and perhaps of some between them)."""
    where, params = among("task_id", tasks)
    return set(rows(cursor, f"SELECT {', '.join(COLUMNS)} FROM cycles_taskpart WHERE {where}", *params))


def replace(cursor: Cursor, gone: Collection[Row], fresh: Collection[Row]) -> None:
    """Store new parts in place of those that are `gone`, and make the weeks of both stale."""
    touch(
        cursor, {(row[1], week_of(row[_AT])) for some in (gone, fresh) for row in some if row[_KIND] != BLOCKED}, gone
    )
    copy_parts(cursor, [packed(row) for row in fresh])


def week_of(at: Moments) -> Moments:
    """Give the number of the week in which a moment lies, or each of several moments."""
    return (at - _MONDAY) // _WEEK


def touch(cursor: Cursor, of: Collection[tuple[int, int]], gone: Collection[Row] = ()) -> None:
    """Make these weeks of programmes stale, and take away the parts that are `gone`."""
    weeks = sorted(of)
    slabs = array(programme for programme, _week in weeks), array(_FIRST + timedelta(weeks=week) for _p, week in weeks)
    if gone:
        numbers = [row[0] for row in gone]
        keys = [array(numbers), *(array(row[place] for row in gone) for place in (_KIND, _TEAM))]
        moments = array(from_int(row[_AT]) for row in gone)
        cursor.execute(f"WITH gone AS ({_GONE}) {_TOUCH}", [*keys, moments, min(numbers), max(numbers), *slabs])
    else:
        cursor.execute(_TOUCH, slabs)


def copy_parts(cursor: Cursor, told: Collection[bytes]) -> None:
    """Store parts that are packed for COPY."""
    if told:
        copy_in(cursor, _COPY, told)


def packed(row: Row) -> bytes:
    """Give one part as COPY takes it."""
    *numbers, kind, reason = row
    return b"".join(
        [
            _COUNT,
            *[NULL if n is None else bigint(8, n) for n in numbers],
            word(kind),
            NULL if reason is None else word(reason),
        ]
    )

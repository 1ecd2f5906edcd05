"""What the journal says of one task, as the parts that reports of work count: `facts.parts_sql`, and quicker.

The statement there is the definition; tests prove that both say the same of random journals. Moments and lengths are
integer microseconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from rnd.cycles.facts.lean.bare import (
    ASSIGNED,
    BLOCKED,
    DONE,
    IN_DESIGN,
    IN_QUEUE,
    IN_TEST,
    MOVED,
    MOVES,
    OPENED,
    UNBLOCKED,
)
from rnd.cycles.models.work import BLOCKED as KIND_BLOCKED
from rnd.cycles.models.work import HANDED, TASK

# One entry of a task: what `bare.Event` says, the team, and the reason. Sorted as they are, they stand in the clock's
# order.
Told = tuple[int, int, int, int, int, int, int, int | None, str | None]
# One part, in the order of COLUMNS.
Row = tuple[Any, ...]
COLUMNS: Final = (
    "task_id", "programme_id", "component_id", "at", "team_id", "until", "other_id", "us", "active_us", "waiting_us",
    "blocked_us", "kind", "reason",
)  # fmt: skip

_NO_TIMES: Final = (None, None, None, None)


# A time [since, until) in which nothing changes (the last one goes on: None): the stage's place in MOVES, the team (0:
# nobody's), whether it is assigned, and why it is blocked.
_Spell = tuple[int, Any, int, int, bool, Any]


def parts_of(task: tuple[int, int, int], told: list[Told]) -> list[Row]:
    """Give the parts of a task (its number, programme and component) from its entries, which are sorted in place."""
    spells = _spells(told)
    found: list[Row] = [(*task, spells[0][0], 0, None, None, *_NO_TIMES, TASK, None)]
    if spells[-1][2] == DONE:
        found += _spent(task, spells)
    if len({spell[3] for spell in spells}) > 1:
        found += _handed(task, spells)
    found += [
        (*task, since, 0, until, None, *_NO_TIMES, KIND_BLOCKED, reason)
        for since, until, stage, _team, _assigned, reason in spells
        if reason is not None and IN_QUEUE <= stage <= IN_TEST
    ]
    return found


def _spells(told: list[Told]) -> list[_Spell]:
    told.sort()
    for place, entry in enumerate(told):
        if entry[3] == OPENED:
            told.insert(0, told.pop(place))
            break
    found: list[_Spell] = []
    stage, team, assigned, reason = IN_QUEUE, 0, False, None
    latest = told[0][0]
    for claimed, _recorded, _id, code, argument, _occurred, _task, whose, why in told:
        if claimed > latest:
            found.append((latest, claimed, stage, team, assigned, reason))
            latest = claimed
        if code == MOVED:
            stage = argument
        elif code == ASSIGNED:
            team, assigned = whose or 0, argument == 1
        elif code == OPENED:
            team = whose or 0
        elif code == BLOCKED:
            reason = why
        elif code == UNBLOCKED:
            reason = None
    found.append((latest, None, stage, team, assigned, reason))
    return found


def _spent(task: tuple[int, int, int], spells: list[_Spell]) -> Iterator[Row]:
    """Give the time in each stage of work with each team, of a task that is done."""
    sums: dict[tuple[int, int], list[int]] = {}
    done = None
    for since, until, stage, team, assigned, reason in spells:
        if stage != DONE:
            done = None
        elif done is None:
            done = since
        if IN_DESIGN <= stage <= IN_TEST and until is not None:
            times = sums.setdefault((stage, team), [0, 0, 0])
            times[2 if reason is not None else 0 if assigned else 1] += until - since
    for (stage, team), times in sums.items():
        yield *task, done, team, None, None, sum(times), *times, MOVES[stage], None


def _handed(task: tuple[int, int, int], spells: list[_Spell]) -> list[Row]:
    """Give the hand-overs from one team to another, and how long each waited until somebody there had it."""
    found: list[Row] = []
    holder = 0
    waiting = False
    for since, _until, _stage, team, assigned, _reason in spells:
        if team and holder and team != holder:
            found.append((*task, since, holder, None, team, *_NO_TIMES, HANDED, None))
            waiting = True
        holder = team or holder
        if waiting and assigned:
            *named, at, giver, _none, taker, _us, _a, _w, _b, kind, reason = found[-1]
            found[-1] = (*named, at, giver, None, taker, since - at, None, None, None, kind, reason)
            waiting = False
    return found

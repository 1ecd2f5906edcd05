"""The parts of many tasks that reports of work count: `lean.parts`, all at once."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from rnd.cycles.facts.columnar.reading import NOTHING, Mask, Numbers
from rnd.cycles.facts.lean import bare
from rnd.cycles.facts.lean.parts import COLUMNS, Row
from rnd.cycles.facts.vector.entries import UNKNOWN, Entries
from rnd.cycles.facts.vector.flat import begins, ends, following, groups, latest, sums
from rnd.cycles.facts.vector.loops import with_none
from rnd.cycles.models.work import BLOCKED, HANDED, TASK

KINDS: Final = (TASK, *bare.MOVES[bare.IN_DESIGN : bare.IN_TEST + 1], HANDED, BLOCKED)
_TASK, _FIRST_STAGE, _HANDED, _BLOCKED = 0, 1, 4, 5
_NUMBERS: Final = len(COLUMNS) - 2  # all but kind and reason


class Parts(NamedTuple):
    """Parts by column, in the order of `parts.COLUMNS`; NOTHING stands for null."""

    numbers: Numbers  # by column, and part
    kind: Numbers  # places in KINDS
    reason: Numbers  # places among the reasons; -1: none
    reasons: list[str]

    def of(self, name: str) -> Numbers:
        """Give one of the columns."""
        values: Numbers = self.numbers[COLUMNS.index(name)]
        return values

    def rows(self) -> list[Row]:
        """Give each as a tuple, as they are stored."""
        numbers = [with_none(values) for values in self.numbers]
        kinds = [KINDS[kind] for kind in self.kind.tolist()]
        told = [self.reasons[reason] if reason >= 0 else None for reason in self.reason.tolist()]
        return list(zip(*numbers, kinds, told, strict=True))

    def taken(self, which: Mask) -> Parts:
        """Give some of them."""
        return Parts(self.numbers[:, which], self.kind[which], self.reason[which], self.reasons)


class _Spells(NamedTuple):
    """Times [since, until) in which nothing of a task changes (the last one goes on: NOTHING), task by task."""

    whose: Numbers  # place of the task
    since: Numbers
    until: Numbers
    stage: Numbers  # place in bare.MOVES
    team: Numbers  # 0: nobody's
    assigned: Mask
    reason: Numbers  # -1: not blocked

    def taken(self, which: Numbers | Mask) -> _Spells:
        """Give some of them."""
        return self._replace(**{name: values[which] for name, values in self._asdict().items()})


def parts_of(entries: Entries, reasons: list[str], facets: Numbers) -> tuple[Parts, Numbers]:
    """Give the parts that sorted entries tell, and the odd tasks, of which the result says nothing.

    `reasons` are those that the entries name by place. `facets` are number, programme and component of each task, by
    column; tasks that are not there have no parts. Odd are those that say what nobody knows.
    """
    facets = facets[:, np.argsort(facets[0])]
    task = groups(entries.subject)
    odd = sums(task.whose, entries.argument == UNKNOWN, len(task.first)) > 0
    strange = entries.subject[task.first[odd]]
    entries = entries.taken(np.isin(entries.subject, facets[0]) & ~odd[task.whose])
    tasks = entries.subject[begins(entries.subject)]
    facets = facets[:, np.searchsorted(facets[0], tasks)]
    spells = _spells(entries)
    found = [_opened(spells), _spent(spells), _handed(spells), _blocked(spells)]
    # Each tells whose part it is instead of number, programme and component.
    numbers = np.concatenate([told for told, _kind, _reason in found], axis=1)
    return (
        Parts(
            np.concatenate([facets[:, numbers[0]], numbers[1:]]),
            np.concatenate([kind for _told, kind, _reason in found]),
            np.concatenate([reason for _told, _kind, reason in found]),
            reasons,
        ),
        strange,
    )


def _spells(entries: Entries) -> _Spells:
    code, said = entries.code, entries.argument
    start = begins(entries.subject)
    first = latest(start)
    kept = ends(entries.subject, entries.claimed)
    whose, since = (np.cumsum(start) - 1)[kept], entries.claimed[kept]
    until = np.append(since[1:], NOTHING)[: len(since)]
    until[ends(whose)] = NOTHING
    opened, assigned, blocked = code == bare.OPENED, code == bare.ASSIGNED, code == bare.BLOCKED

    def told(where: Mask, values: Numbers, otherwise: int) -> Numbers:
        """Give what the last entry that says it has said."""
        place = latest(where)
        found: Numbers = np.where(place >= first, values[place], otherwise)[kept]
        return found

    return _Spells(
        whose, since, until,
        told(code == bare.MOVED, said, bare.IN_QUEUE),
        told(opened | assigned, np.where(assigned, said >> 1, said), 0),
        told(assigned, said & 1, 0) == 1,
        told(blocked | (code == bare.UNBLOCKED), np.where(blocked, said, -1), -1),
    )  # fmt: skip


# Whose part it is, and from `at` on what COLUMNS have; the kind of each; the reason of each.
_Found = tuple[Numbers, Numbers, Numbers]


def _found(whose: Numbers, kind: Numbers | int, reason: Numbers | int = -1, **told: Numbers) -> _Found:
    """Give parts of which columns that are not told are null (the team: nobody's)."""
    numbers = np.full((_NUMBERS - 2, len(whose)), NOTHING)
    numbers[0] = whose
    for place, name in enumerate(COLUMNS[3:_NUMBERS], start=1):
        numbers[place] = told.get(name, 0 if name == "team_id" else NOTHING)
    return numbers, np.broadcast_to(kind, len(whose)), np.broadcast_to(reason, len(whose))


def _opened(spells: _Spells) -> _Found:
    first = begins(spells.whose)
    return _found(spells.whose[first], _TASK, at=spells.since[first])


def _spent(spells: _Spells) -> _Found:
    """Give the time in each stage of work with each team, of tasks that are done."""
    # Done since the first spell behind the last one that was not.
    first, last = np.flatnonzero(begins(spells.whose)), np.flatnonzero(ends(spells.whose))
    over = np.maximum(latest(spells.stage != bare.DONE)[last] + 1, first)
    at = np.where(spells.stage[last] == bare.DONE, spells.since[np.minimum(over, last)], NOTHING)
    worked = (spells.stage >= bare.IN_DESIGN) & (spells.stage <= bare.IN_TEST) & (spells.until != NOTHING)
    worked &= (at != NOTHING)[spells.whose]
    spells = spells.taken(worked)
    spells = spells.taken(np.lexsort((spells.team, spells.stage, spells.whose)))
    new = begins(spells.whose, spells.stage, spells.team)
    group, n = np.cumsum(new) - 1, int(new.sum())
    length, blocked = spells.until - spells.since, spells.reason >= 0
    active = spells.assigned & ~blocked
    return _found(
        spells.whose[new], spells.stage[new] - bare.IN_DESIGN + _FIRST_STAGE,
        at=at[spells.whose[new]], team_id=spells.team[new], us=sums(group, length, n),
        active_us=sums(group, length * active, n), waiting_us=sums(group, length * ~(active | blocked), n),
        blocked_us=sums(group, length * blocked, n),
    )  # fmt: skip


def _handed(spells: _Spells) -> _Found:
    """Give the hand-overs from one team to another, and how long each waited until somebody there had it."""
    n, first = len(spells.whose), latest(begins(spells.whose))
    named = spells.team != 0
    holder = np.append(-1, latest(named))[:n]  # the last spell before that had a team
    held = holder >= first
    given = np.flatnonzero(named & held & (spells.team[holder] != spells.team))
    is_given = np.zeros(n + 1, bool)
    is_given[given] = True
    # It waits until the first assignment, unless it goes on to another team before, or to nobody ever.
    taken = following(spells.assigned)[given]
    behind = np.minimum(following(is_given)[given + 1], following(ends(spells.whose))[given] + 1)
    waited = np.where(taken < behind, spells.since[np.minimum(taken, n - 1)] - spells.since[given], NOTHING)
    return _found(
        spells.whose[given], _HANDED, at=spells.since[given], team_id=spells.team[holder[given]],
        other_id=spells.team[given], us=waited,
    )  # fmt: skip


def _blocked(spells: _Spells) -> _Found:
    held = (spells.reason >= 0) & (spells.stage >= bare.IN_QUEUE) & (spells.stage <= bare.IN_TEST)
    return _found(spells.whose[held], _BLOCKED, spells.reason[held], at=spells.since[held], until=spells.until[held])

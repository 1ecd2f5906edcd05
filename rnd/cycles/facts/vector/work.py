"""What the entries of many tasks say for the clock: `lean.bare.task_way`, all at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnd.cycles.facts.columnar.reading import Mask, Numbers
from rnd.cycles.facts.lean import bare
from rnd.cycles.facts.vector.entries import UNKNOWN, Entries
from rnd.cycles.facts.vector.flat import ends, firsts_of, groups, latest, least, most, sums


class Work(NamedTuple):
    """What entries say of each task, how it stands from each of its states on, and which tickets it is linked to."""

    task: Numbers  # in order
    odd: Mask  # those that say what nobody knows
    moved: Numbers
    marked: Mask
    last_entry: Numbers
    recorded_from: Numbers
    recorded_to: Numbers
    first: Numbers  # place of the first state of each task
    states: Numbers  # and how many it has
    # the states, of one task behind those of another
    at: Numbers
    place: Numbers  # in bare.MOVES
    since: Numbers
    assigned: Mask
    blocked: Mask
    # in the end, in the order of tasks and tickets: links[:, 0] is the place of the task, links[:, 1] the ticket
    links: Numbers


def task_ways(entries: Entries) -> Work:
    """Give what sorted entries say."""
    code, at = entries.code, entries.claimed
    first, _count, whose = groups(entries.subject)
    n, own_first = len(first), first[whose]

    moves = _moves(entries, whose)
    marking = (code == bare.ASSIGNED) & (entries.argument == 1) | (code == bare.BLOCKED)
    move, assignment, block = (
        latest(where) for where in (moves, code == bare.ASSIGNED, (code == bare.BLOCKED) | (code == bare.UNBLOCKED))
    )
    place = np.where(move >= own_first, entries.argument[move], bare.IN_QUEUE)
    since = at[np.maximum(move, own_first)]
    assigned = (assignment >= own_first) & (entries.argument[assignment] == 1)
    blocked = (block >= own_first) & (code[block] == bare.BLOCKED)

    states = moves | (code == bare.ASSIGNED) | (code == bare.BLOCKED) | (code == bare.UNBLOCKED)
    states[first] = True
    of = sums(whose, states, n)
    return Work(
        entries.subject[first],
        sums(whose, entries.argument == UNKNOWN, n) > 0,
        sums(whose, at != entries.occurred, n), sums(whose, marking, n) > 0,
        most(entries.number, first), least(entries.recorded, first), most(entries.recorded, first),
        firsts_of(of), of, at[states], place[states], since[states], assigned[states], blocked[states],
        _links(entries, whose),
    )  # fmt: skip


def _moves(entries: Entries, whose: Numbers) -> Mask:
    """Tell which entries bring a task to another stage than it was in."""
    moved = np.flatnonzero(entries.code == bare.MOVED)
    to, task = entries.argument[moved], whose[moved]
    before = np.zeros_like(to)
    before[1:] = np.where(task[1:] == task[:-1], to[:-1], 0)
    found = np.zeros(len(whose), bool)
    found[moved[to != before]] = True
    return found


def _links(entries: Entries, whose: Numbers) -> Numbers:
    """Give the pairs of a task's place and a ticket of which the last word is that they are linked."""
    said = np.flatnonzero((entries.code == bare.LINKED) | (entries.code == bare.UNLINKED))
    task, ticket = whose[said], entries.argument[said]
    order = np.lexsort((ticket, task))  # stable: of one pair the last word stands last
    task, ticket, said = task[order], ticket[order], said[order]
    kept = ends(task, ticket) & (entries.code[said] == bare.LINKED)
    return np.stack([task[kept], ticket[kept]], axis=1)

"""Joins what tickets and their tasks say into segments: `lean.clock._joined` for many tickets at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnd.cycles.facts.columnar.reading import NOTHING, Mask, Numbers
from rnd.cycles.facts.lean import bare
from rnd.cycles.facts.lean.clock import ACTIVE, HELD_UP, WAITING
from rnd.cycles.facts.vector.flat import begins, ends, groups, latest, ranges
from rnd.cycles.facts.vector.own import Own
from rnd.cycles.facts.vector.work import Work


class Stories(NamedTuple):
    """What tickets and their tasks say, and which counts for which: `course.Story` for many tickets at once."""

    own: Own
    work: Work
    # All tickets and tasks of which one was read for the other, by their places.
    read_ticket: Numbers
    read_task: Numbers
    # Those of them that are linked in the end, by ticket, and as the how manieth of its tasks each counts.
    ticket: Numbers
    task: Numbers
    slot: Numbers


class Course(NamedTuple):
    """What held of each ticket, from one change to the next: those of one ticket behind those of another.

    The last one of an open ticket is running: it ends at NOTHING.
    """

    whose: Numbers
    since: Numbers
    until: Numbers
    stage: Numbers
    mode: Numbers
    number: Numbers  # of the pass


def stories(own: Own, work: Work, ticket: Numbers, task: Numbers) -> Stories:
    """Give the stories of tickets; each of these tasks was read for the ticket at its place."""
    told = own.place_of(work.links[:, 1])
    width = len(work.task)
    there = np.isin(ticket * width + task, told * width + work.links[:, 0])
    order = np.flatnonzero(there)[np.argsort(ticket[there], kind="stable")]
    linked = groups(ticket[order])
    slot = np.arange(len(order)) - linked.first[linked.whose]
    return Stories(own, work, ticket, task, ticket[order], task[order], slot)


def courses(told: Stories) -> Course:
    """Give the course of each ticket."""
    own, work = told.own, told.work
    # Everything that changes, in order; of several changes at one moment the ticket's own come first.
    owns, count = len(own.at), work.states[told.task]
    state = ranges(work.first[told.task], count)
    theirs = np.repeat(told.ticket, count)
    whose = np.concatenate([own.whose, theirs])
    at = np.concatenate([own.at, np.maximum(work.at[state], own.started[theirs])])
    slot = np.concatenate([np.full(owns, bare.OWN), np.repeat(told.slot, count)])
    state = np.concatenate([np.arange(owns), state])
    order = np.lexsort((at, whose))
    whose, at, slot, state = whose[order], at[order], slot[order], state[order]

    own_state = state[latest(slot == bare.OWN)]
    # Only the last change of a moment tells what held, and none at or behind the end does.
    counts = ends(whose, at)
    end = own.ended[whose]
    counts &= (end == NOTHING) | (at < end)
    keep = np.flatnonzero(counts)
    stage, mode = _readings(own, own_state[keep], _tasks(work, whose, slot, state, keep))
    number, whose, at = own.number[own_state[keep]], whose[keep], at[keep]

    news = begins(whose, stage, mode, number)
    whose, at, stage, mode, number = whose[news], at[news], stage[news], mode[news], number[news]
    until = np.append(at[1:], NOTHING)[: len(at)]
    last = ends(whose)
    until[last] = own.ended[whose[last]]
    return Course(whose, at, until, stage, mode, number)


# place in bare.MOVES (NOTHING: not opened yet), since when, assigned?, blocked?
_Task = tuple[Numbers, Numbers, Mask, Mask]


def _tasks(work: Work, whose: Numbers, slot: Numbers, states: Numbers, keep: Numbers) -> list[_Task]:
    """Give how the first task of each ticket stands at the changes to keep, then the second one, and so on."""
    ticket = groups(whose)
    first = ticket.first[ticket.whose][keep]
    found = []
    for number in range(int(slot.max(initial=bare.OWN)) + 1):
        place = latest(slot == number)[keep]
        there = place >= first
        state = states[place]
        state[~there] = 0  # any
        found.append((
            np.where(there, work.place[state], NOTHING), work.since[state], work.assigned[state], work.blocked[state],
        ))  # fmt: skip
    return found


def _readings(own: Own, state: Numbers, tasks: list[_Task]) -> tuple[Numbers, Numbers]:
    """Give stage and mode: until a ticket is closed its least advanced open task decides, or else its own stage."""
    stage = own.stage[state]
    undecided = stage == bare.UNDECIDED
    if not tasks:
        return np.where(undecided, bare.QUEUE, stage), np.full(len(state), WAITING)
    places = np.stack([np.where(place == NOTHING, bare.DONE, place) for place, *_rest in tasks])
    least = np.minimum(places.min(axis=0), bare.DONE)
    held, busy, done = np.ones(len(state), bool), np.zeros(len(state), bool), np.zeros(len(state), bool)
    number, began = own.number[state], own.began[state]
    for place, since, assigned, blocked in tasks:
        deciding = place == least
        held &= ~deciding | blocked
        busy |= deciding & assigned & ~blocked
        done |= (place == bare.DONE) & ((number == 1) | (since >= began))
    governed = (least < bare.DONE) & ~own.closed[state]
    decided = np.where(undecided & ~own.closed[state], np.where(done, bare.RELEASE, bare.QUEUE), stage)
    mode = np.where(held, HELD_UP, np.where(busy & (least > 0), ACTIVE, WAITING))
    return np.where(governed, bare.QUEUE + least, decided), np.where(governed, mode, WAITING)

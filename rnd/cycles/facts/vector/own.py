"""What the own entries of many tickets say: `lean.bare.own_way`, one step of all of them at a time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnd.cycles.facts.columnar.reading import NOTHING, Mask, Numbers
from rnd.cycles.facts.lean import bare
from rnd.cycles.facts.vector.entries import UNKNOWN, Entries
from rnd.cycles.facts.vector.flat import found_in, groups, least, most, sums


class Own(NamedTuple):
    """What own entries say: of each ticket, and then how it stands from each of its entries on.

    The first state of a ticket holds from its start, before any entry. Moments are NOTHING where there is none.
    """

    ticket: Numbers  # in order
    started: Numbers
    received: Numbers
    ended: Numbers
    finished: Numbers
    first_finish: Numbers
    fixed_by: Numbers
    outcome: Numbers  # of those that ended; -1: still open
    passes: Numbers
    moved: Numbers
    last_entry: Numbers
    recorded_from: Numbers
    recorded_to: Numbers
    # the states, of one ticket behind those of another
    whose: Numbers  # place of the ticket
    at: Numbers
    stage: Numbers  # UNDECIDED: the tasks decide
    closed: Mask
    number: Numbers  # of the pass
    began: Numbers

    def place_of(self, tickets: Numbers) -> Numbers:
        """Give the places of these tickets; -1 of those that are not among them."""
        return found_in(self.ticket, tickets)


def own_ways(entries: Entries) -> tuple[Own, Numbers]:
    """Give what sorted entries say of the tickets that were received, and the odd ones, of which it says nothing.

    Odd are those that were ever merged, or say what nobody knows.
    """
    first, _count, whose = groups(entries.subject)
    odd = sums(whose, (entries.code == bare.MERGED) | (entries.argument == UNKNOWN), len(first)) > 0
    plain = (entries.code[first] == bare.RECEIVED) & ~odd
    return _own_ways(entries if plain.all() else entries.taken(plain[whose])), entries.subject[first[odd]]


def _own_ways(entries: Entries) -> Own:
    first, count, whose = groups(entries.subject)
    received, seen = entries.claimed[first], entries.argument[first]
    started = np.minimum(seen, received)
    standing, states = _stepped(entries, first, count, started)
    done = standing.closed & (standing.outcome == bare.FIXED)
    moved = sums(whose, entries.claimed != entries.occurred, len(first))
    return Own(
        entries.subject[first], started, received,
        np.where(standing.closed, standing.closed_at, NOTHING), np.where(done, standing.closed_at, NOTHING),
        standing.first_finish, np.where(done, standing.fixed_by, NOTHING),
        np.where(standing.closed, standing.outcome, -1), standing.number, moved + (seen > received),
        most(entries.number, first), least(entries.recorded, first), most(entries.recorded, first),
        np.repeat(np.arange(len(first)), count + 1), *states,
    )  # fmt: skip


# As the last five fields of Own.
_States = tuple[Numbers, Numbers, Mask, Numbers, Numbers]


def _stepped(entries: Entries, first: Numbers, count: Numbers, started: Numbers) -> tuple[_Standing, _States]:
    """Give how each ticket stands in the end, and how it stood before and after each of its entries."""
    size = len(entries.code) + len(first)
    states = (
        np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, bool), np.empty(size, np.int64),
        np.empty(size, np.int64),
    )  # fmt: skip
    # Those with the most entries first: whoever has one more is always among the first so many.
    order = np.argsort(-count, kind="stable")
    standing = _Standing(started[order])
    first, place, behind = first[order], (first + np.arange(len(first)))[order], -count[order]
    for values, now in zip(states, (started[order], bare.TRANSIT, False, 1, started[order]), strict=True):
        values[place] = now
    for step in range(int(count.max(initial=0))):
        still = slice(int(np.searchsorted(behind, -step)))
        here = first[still] + step
        stage = standing.step(still, entries.claimed[here], entries.code[here], entries.argument[here])
        now = entries.claimed[here], stage, standing.closed[still], standing.number[still], standing.began[still]
        for values, told in zip(states, now, strict=True):
            values[place[still] + step + 1] = told
    return standing.taken(np.argsort(order)), states


class _Standing:
    """How many tickets stand, by ticket."""

    __slots__ = (
        "accepted", "began", "by_verdict", "closed", "closed_at", "first_finish", "fixed_by", "installed", "number",
        "offered", "outcome",
    )  # fmt: skip

    def __init__(self, started: Numbers) -> None:
        n = len(started)
        self.accepted, self.offered, self.installed, self.closed, self.by_verdict = np.zeros((5, n), bool)
        self.closed_at, self.first_finish, self.fixed_by = np.full((3, n), NOTHING)
        self.number, self.began, self.outcome = np.ones(n, np.int64), started.copy(), np.full(n, bare.FIXED)

    def taken(self, order: Numbers) -> _Standing:
        """Give the tickets in another order."""
        found = _Standing(order)
        for name in self.__slots__:
            setattr(found, name, getattr(self, name)[order])
        return found

    def step(self, still: slice, at: Numbers, code: Numbers, told: Numbers) -> Numbers:
        """Let one entry each say something of the first so many tickets; give the stages that they are in then."""
        accepted, offered, installed = self.accepted[still], self.offered[still], self.installed[still]
        closed, by_verdict, outcome = self.closed[still], self.by_verdict[still], self.outcome[still]
        # Each step of the loop implies those before it.
        is_installed = code == bare.INSTALLED
        is_offered = is_installed | (code == bare.OFFERED)
        installed |= is_installed
        offered |= is_offered
        accepted |= is_offered | (code == bare.ACCEPTED)
        # A verdict outranks any other closing; of several, the first one holds.
        verdict = np.where(code == bare.VERDICT, told & 7, -1)
        fixed = (verdict == bare.FIXED) & ~(closed & by_verdict)
        shut = ((code == bare.REJECTED) | (code == bare.CLOSED)) & ~closed
        reopened = (code == bare.REOPENED) & closed
        again = (verdict == bare.NOT_FIXED) | (verdict == bare.WORSE) | (reopened & by_verdict)
        self._close(still, at, fixed, np.where(fixed, told >> 3, NOTHING), fixed | shut)
        outcome[shut] = np.where(code == bare.REJECTED, bare.TURNED_DOWN, told)[shut]
        outcome[fixed] = bare.FIXED
        first = (fixed | shut) & (outcome == bare.FIXED) & (self.first_finish[still] == NOTHING)
        np.copyto(self.first_finish[still], at, where=first)
        # Whatever goes on is triaged anew; only a verdict, or the reopening of one, begins another pass.
        closed &= ~(again | reopened)
        accepted &= ~(again | reopened)
        offered &= ~again
        installed &= ~again
        self.number[still] += again
        np.copyto(self.began[still], at, where=again)
        open_ = np.where(installed, bare.VERIFY, np.where(offered, bare.INSTALL, bare.UNDECIDED))
        stage: Numbers = np.where(
            closed, np.where(by_verdict, bare.VERIFY, bare.TRIAGE), np.where(accepted, open_, bare.TRIAGE)
        )
        return stage

    def _close(self, still: slice, at: Numbers, fixed: Mask, fixed_by: Numbers, ending: Mask) -> None:
        self.closed[still] |= ending
        self.by_verdict[still] = np.where(ending, fixed, self.by_verdict[still])
        np.copyto(self.closed_at[still], at, where=ending)
        np.copyto(self.fixed_by[still], fixed_by, where=ending)

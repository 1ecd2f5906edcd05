"""What the lean clock reads: events as bare integers, and what those of one ticket or one task say by themselves.

The same as `clock.milestones` and `clock.work`, which define it, without an object for each event.
"""

# ruff: noqa: PLR1730, FURB136 -- here a call of max() costs more than the rest of its line

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final, NamedTuple

from rnd.cycles.clock.stages import Stage

# claimed, recorded, id, code, argument, occurred, subject: sorted as they are, they stand in the clock's order.
Event = tuple[int, int, int, int, int, int, int]

RECEIVED: Final = 1  # argument: when it was seen
ACCEPTED: Final = 2
REJECTED: Final = 3
MERGED: Final = 4  # argument: into which ticket
CLOSED: Final = 5  # argument: its outcome
REOPENED: Final = 6
OFFERED: Final = 7
INSTALLED: Final = 8
VERDICT: Final = 9  # argument: its outcome, and eight times the number of the release it is about
OPENED: Final = 10
LINKED: Final = 11  # argument: the ticket
UNLINKED: Final = 12  # argument: the ticket
ASSIGNED: Final = 13  # argument: 1, or 0 where it was taken back
MOVED: Final = 14  # argument: the place of the stage in MOVES
BLOCKED: Final = 15
UNBLOCKED: Final = 16

CODES: Final = {
    "ticket.received": RECEIVED, "ticket.accepted": ACCEPTED, "ticket.rejected": REJECTED, "ticket.merged": MERGED,
    "ticket.closed": CLOSED, "ticket.reopened": REOPENED, "ticket.fix_offered": OFFERED,
    "ticket.fix_installed": INSTALLED, "ticket.verdict_given": VERDICT, "task.opened": OPENED, "task.linked": LINKED,
    "task.unlinked": UNLINKED, "task.assigned": ASSIGNED, "task.moved": MOVED, "task.blocked": BLOCKED,
    "task.unblocked": UNBLOCKED,
}  # fmt: skip
# Where a task can be, by place: the first four are the stages of an open one.
MOVES: Final = ("queue", "design", "build", "test", "done", "cancelled")
IN_QUEUE, IN_DESIGN, IN_BUILD, IN_TEST, DONE, CANCELLED = range(len(MOVES))
# What a verdict or a closing can say, by place; the last two stand for decisions of other kinds.
OUTCOMES: Final = (
    "fixed", "not_fixed", "worse", "could_not_test", "answered", "no_fault_found", "wont_fix", "rejected", "merged",
)  # fmt: skip
FIXED, NOT_FIXED, WORSE = range(3)
TURNED_DOWN: Final = OUTCOMES.index("rejected")

TRANSIT, TRIAGE, QUEUE, _DESIGN, _BUILD, _TEST, RELEASE, INSTALL, VERIFY = range(len(Stage))
UNDECIDED: Final = -1  # queue, or release where a task was done: the tasks decide

# What holds from a moment on: the moment, whose state it is (OWN, or the place of a task), and the state.
# The ticket's own: (stage, closed?, pass, when the pass began); a task's: (place, since when, assigned?, blocked?).
Change = tuple[int, int, Any]
OWN: Final = -1


class Own(NamedTuple):
    """What the ticket's own events say."""

    started: int
    received: int
    ended: int | None
    finished: int | None
    first_finish: int | None
    excluded: str
    fixed_by: int | None
    passes: int
    moved: int
    last_entry: int
    changes: list[Change]


def own_way(own: list[Event]) -> Own | None:  # noqa: C901, PLR0912, PLR0915 -- one branch for each kind, as in milestones.py
    own.sort()
    for place, event in enumerate(own):
        if event[3] == RECEIVED:
            if place:
                own.insert(0, own.pop(place))
            break
    else:
        return None
    received = latest = own[0][0]
    seen = own[0][4]
    start, moved = (seen, 0) if seen <= received else (received, 1)
    last_entry, number, began = 0, 1, start
    accepted = offered = installed = merged = by_verdict = False
    closed_at: int | None = None
    first_finish: int | None = None
    fixed_by: int | None = None
    outcome = FIXED
    changes: list[Change] = [(start, OWN, (TRANSIT, False, 1, start))]
    for claimed, _recorded, entry, code, argument, occurred, _subject in own:
        if claimed > latest:
            latest = claimed
        if latest != occurred:
            moved += 1
        if entry > last_entry:
            last_entry = entry
        if code == ACCEPTED:
            accepted = True
        elif code == OFFERED:
            accepted = offered = True
        elif code == INSTALLED:
            accepted = offered = installed = True
        elif code == VERDICT:
            said = argument & 7
            if said == FIXED:
                # A verdict outranks any other closing; of several, the first one holds.
                if closed_at is None or not by_verdict:
                    closed_at, outcome, by_verdict, fixed_by = latest, FIXED, True, argument >> 3
                    first_finish = latest if first_finish is None else first_finish
            elif said in (NOT_FIXED, WORSE):
                number, began, closed_at = number + 1, latest, None
                accepted, offered, installed = merged, False, False
        elif code in (REJECTED, CLOSED):
            if closed_at is None:
                closed_at, by_verdict, fixed_by = latest, False, None
                outcome = TURNED_DOWN if code == REJECTED else argument
                if outcome == FIXED and first_finish is None:
                    first_finish = latest
        elif code == MERGED:
            accepted = merged = True
        elif code == REOPENED:
            if closed_at is not None and by_verdict:
                number, began, closed_at = number + 1, latest, None
                accepted = offered = installed = merged = False
            elif closed_at is not None or merged:
                accepted = merged = False
                closed_at = None
        if closed_at is not None:
            stage = VERIFY if by_verdict else TRIAGE
        elif not accepted:
            stage = TRIAGE
        elif installed:
            stage = VERIFY
        else:
            stage = INSTALL if offered else UNDECIDED
        changes.append((latest, OWN, (stage, closed_at is not None, number, began)))
    finished = closed_at if outcome == FIXED else None
    excluded = "merged" if merged else "" if closed_at is None or outcome == FIXED else OUTCOMES[outcome]
    return Own(
        start, received, closed_at, finished, first_finish, excluded, fixed_by if finished is not None else None,
        number, moved, last_entry, changes,
    )  # fmt: skip


def task_way(  # noqa: C901, PLR0912 -- one branch for each kind
    events: list[Event], start: int, whose: int, followed: Collection[int]
) -> tuple[list[Change], int, bool] | None:
    """Give a task's states, how many entries were moved, and whether anyone marked who works on it or what blocks it.

    None where it is linked to none of the tickets in the end.
    """
    events.sort()
    for place, event in enumerate(events):
        if event[3] == OPENED:
            if place:
                events.insert(0, events.pop(place))
            break
    links: set[int] = set()
    latest = since = events[0][0]
    stage, assigned, blocked, marks, moved = 0, False, False, False, 0
    states: list[Change] = [(latest if latest > start else start, whose, (0, latest, False, False))]
    for claimed, _recorded, _entry_id, code, argument, occurred, _subject in events:
        if claimed > latest:
            latest = claimed
        if latest != occurred:
            moved += 1
        if code == MOVED:
            if argument == stage:
                continue
            stage, since = argument, latest
        elif code == ASSIGNED:
            assigned = argument == 1
            marks = marks or assigned
        elif code == BLOCKED:
            blocked = marks = True
        elif code == UNBLOCKED:
            blocked = False
        else:
            if code == LINKED:
                links.add(argument)
            elif code == UNLINKED:
                links.discard(argument)
            continue
        states.append((latest if latest > start else start, whose, (stage, since, assigned, blocked)))
    return None if links.isdisjoint(followed) else (states, moved, marks)

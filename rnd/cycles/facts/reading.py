"""From the journal's entries to the clock's events: which kinds it reads, and what each of them means to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, LiteralString

from django.db.models import QuerySet

from foundation.journal.models import Entry
from foundation.kit.asking import Row, planned_once, rows_of
from rnd.cycles.clock import events as ev
from rnd.cycles.clock.course import Story
from rnd.cycles.clock.moments import to_us
from rnd.cycles.facts.raw import array
from rnd.engineering.models import TaskTicket

Make = Callable[..., ev.Event]

# Of each kind: the event, and which of its fields stand under which name in the entry's data.
_TICKET: Final[Mapping[str, tuple[Make, Mapping[str, str]]]] = {
    "ticket.received": (ev.Received, {"seen": "seen_at"}),
    "ticket.accepted": (ev.Accepted, {}),
    "ticket.rejected": (ev.Rejected, {}),
    "ticket.merged": (ev.Merged, {"into": "into_id"}),
    "ticket.closed": (ev.Closed, {"outcome": "outcome"}),
    "ticket.reopened": (ev.Reopened, {}),
    "ticket.fix_offered": (ev.FixOffered, {}),
    "ticket.fix_installed": (ev.FixInstalled, {}),
    "ticket.verdict_given": (ev.VerdictGiven, {"outcome": "outcome", "release": "release_id"}),
}
_TASK: Final[Mapping[str, tuple[Make, Mapping[str, str]]]] = {
    "task.opened": (ev.TaskOpened, {}),
    "task.linked": (ev.TaskLinked, {"ticket": "ticket_id"}),
    "task.unlinked": (ev.TaskUnlinked, {"ticket": "ticket_id"}),
    "task.assigned": (ev.TaskAssigned, {"someone": "assignee_id"}),
    "task.moved": (ev.TaskMoved, {"to": "to_stage"}),
    "task.blocked": (ev.TaskBlocked, {}),
    "task.unblocked": (ev.TaskUnblocked, {}),
}
_ALL: Final = {**_TICKET, **_TASK}
# A reclassified ticket's time stays as it was; its row moves to another component.
KINDS: Final = frozenset(_ALL) | {"ticket.reclassified"}

# How a value in the data becomes the field of an event, where it is not that value itself.
_AS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "seen_at": lambda text: to_us(datetime.fromisoformat(text)),
    "assignee_id": lambda assignee: assignee is not None,
}


def event_of(kind: str, *, number: int, subject: int, occurred: datetime, recorded: datetime, data: Any) -> ev.Event:
    """Give the event that an entry means to the clock; raises KeyError for a kind that it does not read."""
    make, fields = _ALL[kind]
    values = {name: _AS[key](data[key]) if key in _AS else data[key] for name, key in fields.items()}
    return make(id=number, subject=subject, occurred=to_us(occurred), recorded=to_us(recorded), **values)


def stories_of(ticket_ids: Collection[int]) -> dict[int, Story]:
    """Read everything that the clock needs of these tickets, with three queries for all of them.

    A ticket without entries has a story without events.
    """
    own = _entries("ticket", ticket_ids, _TICKET)
    followed = {ticket: frozenset({ticket, *_merged_into(own[ticket])}) for ticket in ticket_ids}
    tasks = _tasks_of(frozenset().union(*followed.values()))
    work = _entries("task", {task for some in tasks.values() for task in some}, _TASK)
    stories = {}
    for ticket, tickets in followed.items():
        linked = sorted({task for one in tickets for task in tasks[one]})
        stories[ticket] = Story(tickets, [*own[ticket], *(event for task in linked for event in work[task])])
    return stories


# What says which tickets a task serves.
LINKS: Final = frozenset({"task.linked", "task.unlinked"})


@dataclass(frozen=True, slots=True)
class Touched:
    """What entries are about: tickets, tasks, and the tickets that a task was linked to or unlinked from.

    They may change the way of these tickets, of those that these tasks serve, and of all duplicates of them.
    """

    tickets: set[int] = field(default_factory=set)
    tasks: set[int] = field(default_factory=set)
    linked: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        """Give of how many things something is said."""
        return len(self.tickets) + len(self.tasks) + len(self.linked)

    @property
    def only_tickets(self) -> bool:
        """Tell whether no other tickets have to be found."""
        return not (self.tasks or self.linked)

    def among(self) -> tuple[LiteralString, list[str]]:
        """Give the numbers of the tickets whose way may change, as an array for a query and its parameters."""
        if self.only_tickets:
            return "%s::bigint[]", [array(self.tickets)]
        found: LiteralString = "ARRAY(SELECT * FROM cycles_touched(%s::bigint[], %s::bigint[], %s::bigint[]))"
        return found, [array(self.tickets), array(self.tasks), array(self.linked)]


def touched_by(entries: Iterable[Entry]) -> Touched:
    """Give what these entries are about."""
    touched = Touched()
    for entry in entries:
        (touched.tickets if entry.subject_type == "ticket" else touched.tasks).add(entry.subject_id)
        if entry.kind in LINKS:
            touched.linked.add(entry.data["ticket_id"])
    return touched


def tickets_of(touched: Touched) -> Collection[int]:
    """Give the tickets whose way may change."""
    if touched.only_tickets:
        return touched.tickets
    numbers, params = touched.among()
    with planned_once() as cursor:
        cursor.execute(f"SELECT unnest({numbers})", params)
        return [ticket for (ticket,) in cursor.fetchall()]


# What lets entries of another subject count, which may have been recorded at any time before.
_BINDING: Final = frozenset({"task.linked", "ticket.merged"})


def new_between(entries: Collection[Entry]) -> tuple[datetime, datetime] | None:
    """Give between when these entries were recorded; None where older entries of others begin to count with them."""
    if any(entry.kind in _BINDING for entry in entries):
        return None
    moments = [entry.recorded_at for entry in entries]
    return min(moments), max(moments)


def _entries(
    subject_type: str, ids: Collection[int], kinds: Mapping[str, tuple[Make, Mapping[str, str]]]
) -> Mapping[int, list[ev.Event]]:
    found: dict[int, list[ev.Event]] = defaultdict(list)
    asked = (subject_type, tuple(kinds))
    # A rebuild takes what it reads piece by piece, for its memory; that costs a page two trips more.
    rows = _rows(*asked, list(ids)).iterator(5000) if len(ids) > 100 else rows_of(_rows, *asked, key=ids)
    for number, subject, kind, occurred, recorded, data in rows:
        found[subject].append(
            event_of(kind, number=number, subject=subject, occurred=occurred, recorded=recorded, data=data)
        )
    return found


def _rows(subject_type: str, kinds: Collection[str], ids: Collection[int]) -> QuerySet[Entry, Row]:
    return (
        Entry.objects.filter(subject_type=subject_type, subject_id__in=ids, kind__in=kinds)
        .order_by("id")
        .values_list("id", "subject_id", "kind", "occurred_at", "recorded_at", "data")
    )


def _merged_into(own: Iterable[ev.Event]) -> set[int]:
    """Give the ticket that this one follows; merging and reopening are recorded in the order in which they held."""
    into: set[int] = set()
    for event in own:
        match event:
            case ev.Merged(into=other):
                into = {other}
            case ev.Reopened():
                into = set()
    return into


def _tasks_of(tickets: Collection[int]) -> Mapping[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for ticket, task in rows_of(_links, key=tickets):
        found[ticket].add(task)
    return found


def _links(tickets: Collection[int]) -> QuerySet[TaskTicket, Row]:
    return TaskTicket.objects.filter(ticket__in=tickets).values_list("ticket_id", "task_id")

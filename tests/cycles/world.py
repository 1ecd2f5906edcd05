"""Loops in the database: one driven through every verb, and random ones written straight into the journal."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from foundation.accounts.actors import SYSTEM
from foundation.journal import positions, record, registry, running
from foundation.journal.kinds import Payload, dump
from foundation.kit import clock
from frontline_feedback import actions as tickets
from frontline_feedback import kinds as told
from frontline_feedback.models import Ticket
from rnd.engineering import actions as tasks
from rnd.engineering import kinds as worked
from rnd.engineering.models import Task, TaskTicket
from tests.cast import Cast
from tests.frontline_feedback.world import installed, offered, release, report

DAY0 = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
_TELL = """
    INSERT INTO journal_entry
        (subject_type, subject_id, kind, occurred_at, recorded_at, actor_kind, actor_name, data)
    SELECT subject_type, subject_id, kind, at, at, %s, %s, data::jsonb
    FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::timestamptz[], %s::text[])
        WITH ORDINALITY AS told(subject_type, subject_id, kind, at, data, place)
    ORDER BY place
"""


def hours(count: float) -> datetime:
    """Give the moment so many hours after the story begins."""
    return DAY0 + HOUR * count


def project() -> None:
    """Let the projection read what is new, and nothing else run."""
    outcome = running.run(registry.named("cycles.project"), below=positions.horizon())
    assert not outcome.failures, outcome.failures


def say(payload: Payload, subject: Ticket | Task, hour: float) -> None:
    """Write an entry, as it is recorded so many hours after the story begins."""
    with clock.at(hours(hour)), transaction.atomic():
        record(payload, subject=subject, actor=SYSTEM)


def moved(to: str) -> worked.TaskMoved:
    """Give what is recorded of a task that somebody moved."""
    return worked.TaskMoved.model_validate({"from_stage": "queue", "to_stage": to, "cause": "person"})


def whole_loop(cast: Cast, *, start: float = 0, verdict: str | None = "fixed", **changes: Any) -> Ticket:
    """Drive a ticket from the report to its verdict: an hour in transit, then one hour more in each next stage.

    transit 1 · triage 2 · queue 3 · design 4 · build 5 · test 6 · release 7 · install 8 · verify 9: 45 hours.
    """
    step = iter([1, 3, 6, 10, 15, 21, 28, 36, 45])

    def at_next() -> Any:
        return clock.at(hours(start + next(step)))

    with at_next():
        ticket = report(cast, seen_at=hours(start), **changes)
    with at_next():
        ticket = tickets.accept_ticket(actor=cast.actor("ingrid"), ticket=ticket)
        task = tasks.open_task(
            actor=cast.actor("magnus"), component=ticket.component, title="Find it", ticket=ticket, assignee=cast.magnus
        )
    for stage in ("design", "build", "test", "done"):
        with at_next():
            task = tasks.move_task(actor=cast.actor("magnus"), task=task, stage=stage)
    shipped = release(ticket.component, f"1.{ticket.pk}")
    with at_next():
        offered(ticket, shipped)
    with at_next():
        installation = installed(shipped, ticket.team, cast.rev_a)
        tickets.mark_installed(actor=SYSTEM, ticket=ticket, installation=installation)
    if verdict is not None:
        with at_next():
            reporter = cast.actor("stepan" if ticket.team_id == cast.east.pk else "olena")
            tickets.give_verdict(actor=reporter, ticket=ticket, release=shipped, outcome=verdict)
    ticket.refresh_from_db()
    return ticket


class RandomJournal:
    """Writes random entries of a few tickets and tasks, in any order and with any claims, as `record` lets it."""

    def __init__(self, cast: Cast, seed: int, *, ticket_count: int = 6, task_count: int = 4) -> None:
        self.random = random.Random(seed)
        self.now = DAY0
        self.tickets = []
        for number in range(ticket_count):
            with clock.at(self.tick()):
                component = self.random.choice([cast.autopilot, cast.radio])
                who = self.random.choice(["olena", "stepan"])
                seen = self.now - HOUR * self.random.choice([0, 1, 50, -5])
                self.tickets.append(
                    report(cast, who, title=f"Fault {number}", component=component, seen_at=seen, severity="S2")
                )
        self.tasks = []
        for number in range(task_count):
            with clock.at(self.tick()):
                actor = cast.actor("magnus")
                self.tasks.append(tasks.open_task(actor=actor, component=cast.radio, title=f"Work {number}"))

    def tick(self) -> datetime:
        """Go on by anything between nothing and two days."""
        self.now += timedelta(microseconds=self.random.choice([0, 1, 10**6, 3_600_000_001, 2 * 86_400 * 10**6]))
        return self.now

    def write(self, count: int) -> None:
        """Write so many entries."""
        for _ in range(count):
            writer: Callable[[], None] = self.random.choice([self._of_ticket, self._of_task])
            writer()

    def _of_ticket(self) -> None:
        ticket = self.random.choice(self.tickets)
        outcome = self.random.choice(["fixed", "fixed", "not_fixed", "worse", "could_not_test"])
        others = [other for other in self.tickets if other.pk != ticket.pk and other.canonical_id is None]
        payload = self.random.choice(
            [
                told.TicketAccepted(),
                told.TicketAccepted(),
                told.TicketRejected(reason="-"),
                told.TicketClosed(outcome="wont_fix", reason="-"),
                told.TicketReopened(reason="-"),
                told.TicketMerged(into_id=self.random.choice(others).pk) if others else told.TicketAccepted(),
                told.TicketFixOffered(release_id=1, channel="fleet", version="1"),
                told.TicketFixInstalled(release_id=1, installation_id=1),
                told.TicketVerdictGiven.model_validate(_verdict(outcome)),
            ]
        )
        with transaction.atomic():
            if isinstance(payload, told.TicketMerged):
                self._merge(ticket, payload.into_id)
            if isinstance(payload, told.TicketReopened):
                self._set_canonical(ticket, None)
            self._record(payload, ticket)

    def _merge(self, ticket: Ticket, into: int) -> None:
        for follower in self.tickets:
            if follower.canonical_id == ticket.pk:
                self._set_canonical(follower, into)
                self._record(told.TicketMerged(into_id=into), follower)
        self._set_canonical(ticket, into)

    def _set_canonical(self, ticket: Ticket, into: int | None) -> None:
        ticket.canonical_id = into
        ticket.outcome, ticket.state = ("duplicate", "closed") if into else ("", "received")
        ticket.save()

    def _of_task(self) -> None:
        task, ticket = self.random.choice(self.tasks), self.random.choice(self.tickets)
        stage = self.random.choice(["queue", "design", "build", "test", "done", "cancelled"])
        payload = self.random.choice(
            [
                worked.TaskLinked(ticket_id=ticket.pk),
                worked.TaskUnlinked(ticket_id=ticket.pk),
                worked.TaskAssigned(assignee_id=self.random.choice([None, 1]), team_id=None),
                worked.TaskMoved.model_validate({"from_stage": "queue", "to_stage": stage, "cause": "person"}),
                worked.TaskMoved.model_validate({"from_stage": "queue", "to_stage": stage, "cause": "person"}),
                worked.TaskBlocked(reason="-"),
                worked.TaskUnblocked(),
            ]
        )
        with transaction.atomic():
            link = TaskTicket.objects.filter(task=task, ticket=ticket)
            if isinstance(payload, worked.TaskLinked):
                if link.exists():
                    return
                TaskTicket.objects.create(task=task, ticket=ticket, linked_at=self.now)
            if isinstance(payload, worked.TaskUnlinked) and not link.delete()[0]:
                return
            self._record(payload, task)

    def _record(self, payload: Payload, subject: Ticket | Task) -> None:
        linking = isinstance(payload, worked.TaskLinked | worked.TaskUnlinked | told.TicketMerged | told.TicketReopened)
        with clock.at(self.tick()):
            # Links and merges are claimed when they are made; everything else may come late, or from a wrong clock.
            late = timedelta(0) if linking else HOUR * self.random.choice([0, 0, 0, 1, 30, -3])
            record(payload, subject=subject, actor=SYSTEM, occurred_at=self.now - late)


def _verdict(outcome: str) -> dict[str, object]:
    return {"verdict_id": 1, "release_id": 1, "hardware_id": None, "outcome": outcome, "pass_number": 1}


def quick_loop(
    cast: Cast, *, seen: datetime, lengths: list[int], end: str = "fixed", assigned: bool = True, **changes: Any
) -> Ticket:
    """Write a loop straight into the journal; `lengths` are the microseconds of each stage from transit on, 0 skips it.

    `end`: fixed, rejected (after triage), open (in the last stage given), or merged (after triage).
    """
    ends = [seen + timedelta(microseconds=sum(lengths[: n + 1])) for n in range(len(lengths))]
    with clock.at(ends[0]):
        ticket = report(cast, seen_at=seen, **changes)
    told_at: list[tuple[datetime, Payload, Ticket | Task]] = [(ends[1], told.TicketAccepted(), ticket)]
    if end == "rejected":
        told_at = [(ends[1], told.TicketRejected(reason="-"), ticket)]
    if end == "merged":
        told_at = [(ends[1], told.TicketMerged(into_id=ticket.pk), ticket)]
    if end in ("fixed", "open"):
        with clock.at(ends[1]):
            task = tasks.open_task(actor=SYSTEM, component=ticket.component, title=f"Work on {ticket.key}")
            TaskTicket.objects.create(task=task, ticket=ticket, linked_at=ends[1])
        told_at += [(ends[1], worked.TaskLinked(ticket_id=ticket.pk), task)]
        told_at += [(ends[1], worked.TaskAssigned(assignee_id=cast.magnus.pk, team_id=None), task)] * assigned
        for n, stage in enumerate(["design", "build", "test", "done"], start=2):
            moved = worked.TaskMoved.model_validate({"from_stage": "queue", "to_stage": stage, "cause": "person"})
            told_at += [(at, moved, task) for at in ends[n : n + 1]]
        told_at += [(at, told.TicketFixOffered(release_id=1, channel="fleet", version="1"), ticket) for at in ends[6:7]]
        told_at += [(at, told.TicketFixInstalled(release_id=1, installation_id=1), ticket) for at in ends[7:8]]
    if end == "fixed":
        told_at += [(ends[8], told.TicketVerdictGiven.model_validate(_verdict("fixed")), ticket)]
    tell(told_at)
    return ticket


def tell(told_at: list[tuple[datetime, Payload, Ticket | Task]]) -> None:
    """Record each of these at its moment, in one statement for all, and let tasks stand as the last of them say."""
    rows = [
        (subject.journal_type, subject.pk, payload.kind, at, json.dumps(dump(payload)))
        for at, payload, subject in told_at
    ]
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_TELL, [SYSTEM.kind, SYSTEM.name, *columns])
    stands: dict[int, dict[str, Any]] = {}
    for at, payload, subject in told_at:
        match payload:
            case worked.TaskMoved():
                stands.setdefault(subject.pk, {}).update(stage=payload.to_stage, stage_since=at)
            case worked.TaskAssigned():
                stands.setdefault(subject.pk, {}).update(assignee=payload.assignee_id)
    for task, told_of_it in stands.items():
        Task.objects.filter(pk=task).update(**told_of_it)


def random_loops(cast: Cast, seed: int, count: int) -> list[Ticket]:
    """Write so many random loops over a year: both components, both teams, all severities, most of them finished."""
    chance = random.Random(seed)
    found = []
    for _ in range(count):
        who = chance.choice(["olena", "stepan"])
        lengths = [chance.choice([0, 1, 60_000_000, chance.randrange(10**12)]) for _ in range(9)]
        end = chance.choice(["fixed"] * 6 + ["open", "rejected", "merged"])
        found.append(
            quick_loop(
                cast,
                seen=DAY0 + timedelta(hours=chance.randrange(24 * 330), microseconds=chance.randrange(10**9)),
                lengths=lengths[: chance.randint(2, 8)] if end == "open" else lengths,
                end=end,
                assigned=chance.random() < 0.7,
                who=who,
                component=chance.choice([cast.autopilot, cast.radio]),
                severity=chance.choice(["S1", "S2", "S3", "S4"]),
            )
        )
    return found

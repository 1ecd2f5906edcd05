"""Random worlds for the slow reports: everything that happens at the front and in engineering, in order and not.

What is drawn is only when and what; it is written as the rooms write it, so that tables and journal say the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from foundation.accounts.actors import SYSTEM
from foundation.catalogue.models import Programme
from foundation.journal import record
from foundation.journal.kinds import Payload
from foundation.kit import clock
from frontline_feedback import kinds as told
from frontline_feedback.models import Ticket, Verdict
from releases.models import Release
from rnd.engineering import kinds as worked
from rnd.engineering.models import Task, TaskTicket
from tests.cast import Cast
from tests.cycles.slow_chance import Chance, Shape
from tests.cycles.slow_shipping import ship

REASONS: Final = ["", "Parts", "Waiting for the supplier"]
Thing = tuple[datetime, int, datetime, Payload, Ticket | Task]


class RandomWorld(Chance):
    """Draws a world and writes it down; `now` is when it ends."""

    def __init__(self, cast: Cast, shape: Shape) -> None:
        super().__init__(cast, shape)
        Programme.objects.filter(pk=cast.programme.pk).update(time_zone=shape.zone)
        cast.programme.refresh_from_db()
        self.releases: dict[int, list[Release]] = {}
        for component in (cast.autopilot, cast.radio, cast.foreign_component):
            self.releases[component.pk] = ship(self, component)
        self.things: list[Thing] = []
        self.unheard: set[int] = set()
        self.tickets = [self._ticket(number) for number in range(shape.tickets)]
        self.tasks: list[Task] = []
        for ticket in self.tickets:
            if ticket.pk not in self.unheard:
                self._live(ticket)
        for _ in range(3):
            self._work(None, self.any_moment(), 4)
        self._write()

    # --- telling ----------------------------------------------------------------------------------------

    def _tell(self, at: datetime, payload: Payload, subject: Ticket | Task, *, plain: bool = False) -> None:
        """Keep what happened; it may be told late, or by a clock that is ahead. What claims nothing is `plain`."""
        recorded = occurred = at
        if not plain and self.often(self.shape.nasty):
            if self.often(70):
                recorded = at + timedelta(hours=self.random.choice([1, 30, 400]))
            else:
                occurred = at + timedelta(hours=self.random.choice([1, 7]))
        if recorded < self.now:
            self.things.append((recorded, len(self.things), occurred, payload, subject))

    # --- tickets -----------------------------------------------------------------------------------------

    def _ticket(self, number: int) -> Ticket:
        foreign = self.often(10)
        cast, seen = self.cast, self.any_moment()
        received = seen + self.step(1)
        claimed = seen + (timedelta(hours=50) if self.often(self.shape.nasty) else timedelta(0))
        component = cast.foreign_component if foreign else self.random.choice([cast.autopilot, cast.radio])
        ticket = Ticket.objects.create(
            programme_id=component.programme_id,
            team=cast.west if foreign else self.random.choice([cast.north, cast.east]),
            title=f"Fault number {number}",
            platform=cast.foreign_platform if foreign else cast.platform,
            component=component,
            hardware=None if foreign else self.random.choice([None, cast.rev_a, cast.rev_b]),
            severity=self.random.choice(["S1", "S2", "S2", "S3", "S4"]),
            seen_at=min(claimed, received),
            received_at=received,
        )
        if self.often(3):
            self.unheard.add(ticket.pk)  # the journal never learns of it
            return ticket
        payload = told.TicketReceived(
            key=ticket.key, programme_id=ticket.programme_id, team_id=ticket.team_id, platform_id=ticket.platform_id,
            component_id=ticket.component_id, hardware_id=ticket.hardware_id, severity=_severity(ticket),
            seen_at=claimed, release_id=None,
        )  # fmt: skip
        self.things.append((received, len(self.things), received, payload, ticket))
        return ticket

    def _live(self, ticket: Ticket) -> None:
        """One pass or several, with whatever comes between."""
        at = ticket.received_at
        fate = self.random.choices(
            ["fixed", "passes", "cut", "closed", "merged", "chaos"], [60, 8, 12, 8, 6, 6] if self.shape.calm else
            [40, 16, 14, 12, 10, 8],
        )[0]  # fmt: skip
        if fate == "chaos":
            for _ in range(self.random.randint(2, 9)):
                at += self.step(3)
                self._tell(at, self._anything(ticket), ticket)
            return
        if self.often(15):
            self._tell(at + self.step(1), self._reclassified(ticket), ticket, plain=True)
        outcomes = ["fixed"]
        if fate == "passes":
            outcomes = [*self.random.choices(["not_fixed", "worse", "could_not_test"], k=self.random.randint(1, 3))]
            outcomes.append("fixed")
        for outcome in outcomes:
            at = self._pass(ticket, at, outcome, fate)
        if fate == "fixed" and self.often(10):
            self._tell(at + self.step(20), told.TicketReopened(reason="-"), ticket)

    def _pass(self, ticket: Ticket, at: datetime, outcome: str, fate: str) -> datetime:
        at += self.step(2)
        if fate == "closed":
            ending: list[Payload] = [
                told.TicketRejected(reason="-"),
                told.TicketClosed(outcome="answered", reason="-"),
                told.TicketClosed(outcome="wont_fix", reason="-"),
            ]
            self._tell(at, self.random.choice(ending), ticket)
            if self.often(70):
                return at
            at += self.step(9)
            self._tell(at, told.TicketReopened(reason="-"), ticket)
        if self.often(95):
            self._tell(at, told.TicketAccepted(), ticket)
        cut = self.random.randint(0, 3) if fate == "cut" else 9
        ends = [
            self._work(ticket, at, self.random.randint(0, 5) if cut < 1 else 5)
            for _ in range(self.random.choice([0, 1, 1, 1, 2]))
        ]
        if self.often(90):
            at = max([at, *ends])  # otherwise the fix was there before the work was done
        if fate == "merged":
            self._tell(at, told.TicketMerged(into_id=self.random.choice(self.tickets).pk), ticket, plain=True)
            if self.often(30):
                self._tell(at + self.step(9), told.TicketReopened(reason="-"), ticket, plain=True)
            if self.often(50):
                return at
        release = self.random.choice(self.releases[ticket.component_id])
        steps: list[Payload] = [
            told.TicketFixOffered(release_id=release.pk, channel="fleet", version=release.version),
            told.TicketFixInstalled(release_id=release.pk, installation_id=1),
            self._verdict(release, outcome),
        ]
        for number, payload in enumerate(steps, start=1):
            at += self.step(5)
            if number <= cut:
                self._tell(at, payload, ticket)
        return at

    def _verdict(self, release: Release, outcome: str) -> told.TicketVerdictGiven:
        return told.TicketVerdictGiven.model_validate(
            {"verdict_id": 1, "release_id": release.pk, "hardware_id": None, "outcome": outcome, "pass_number": 1}
        )

    def _anything(self, ticket: Ticket) -> Payload:
        release = self.random.choice(self.releases[ticket.component_id])
        outcome = self.random.choice(["fixed", "fixed", "not_fixed", "worse", "could_not_test"])
        some: list[Payload] = [
            told.TicketAccepted(),
            told.TicketRejected(reason="-"),
            told.TicketClosed(outcome="no_fault_found", reason="-"),
            told.TicketReopened(reason="-"),
            told.TicketFixOffered(release_id=release.pk, channel="fleet", version=release.version),
            told.TicketFixInstalled(release_id=release.pk, installation_id=1),
            self._verdict(release, outcome),
            self._verdict(release, outcome),
        ]
        return self.random.choice(some)

    def _reclassified(self, ticket: Ticket) -> told.TicketReclassified:
        """Say something else of it; the row follows when it is written."""
        changes: dict[str, Any] = {"severity": self.random.choice(["S1", "S3"])}
        if ticket.programme_id == self.cast.programme.pk:
            changes |= {"component_id": self.random.choice([self.cast.autopilot, self.cast.radio]).pk}
            changes |= {"hardware_id": None}
        return told.TicketReclassified(**changes)

    # --- tasks -------------------------------------------------------------------------------------------

    def _work(self, ticket: Ticket | None, at: datetime, steps: int) -> datetime:
        """Open a task (or take one that is there) and carry it through its stages; give when that was done."""
        component = ticket.component if ticket else self.cast.autopilot
        if ticket is not None and self.tasks and self.often(15):
            self._link(self.random.choice(self.tasks), ticket, at)
            return at
        team = self._team()
        task = Task.objects.create(
            component=component, programme_id=component.programme_id, title="Work", stage_since=at, opened_at=at
        )
        self.tasks.append(task)
        opened = worked.TaskOpened(key=task.key, component_id=component.pk, team_id=team, title="Work")
        self._tell(at, opened, task, plain=True)
        if ticket is not None:
            self._link(task, ticket, at + self.step(1) if self.often(20) else at)
        if self.often(75):
            self._assign(task, at + self.step(1), team)
        at -= timedelta(hours=5) if self.often(10) else timedelta(0)  # its first commit is older
        moves = ["design", "build", "test", "done"]
        if self.often(25):
            moves[3:] = ["build", "test", "done"]  # back again
        for stage in [*moves, "cancelled" if self.often(10) else "done"][:steps]:
            at += self.step(3)
            moved = {"from_stage": "queue", "to_stage": stage, "cause": "person"}
            self._tell(at, worked.TaskMoved.model_validate(moved), task)
            if self.often(20):
                self._assign(task, at + self.step(1), self._team())
            if self.often(25):
                blocked_at = at + self.step(0.5)
                self._tell(blocked_at, worked.TaskBlocked(reason=self.random.choice(REASONS)), task)
                if self.often(80):
                    self._tell(blocked_at + self.step(2), worked.TaskUnblocked(), task)
        return at

    def _team(self) -> int | None:
        return self.random.choice([self.cast.oslo.pk, self.cast.oslo.pk, self.cast.bergen.pk, None])

    def _assign(self, task: Task, at: datetime, team: int | None) -> None:
        who = self.random.choice([self.cast.magnus.pk, self.cast.magnus.pk, None])
        self._tell(at, worked.TaskAssigned(assignee_id=who, team_id=team), task)

    def _link(self, task: Task, ticket: Ticket, at: datetime) -> None:
        self._tell(at, worked.TaskLinked(ticket_id=ticket.pk), task, plain=True)
        if self.often(5):
            self._tell(at + self.step(9), worked.TaskUnlinked(ticket_id=ticket.pk), task, plain=True)

    # --- writing -----------------------------------------------------------------------------------------

    def _write(self) -> None:
        """Write everything in the order in which the server learns of it, with the rows that go with it."""
        for recorded, _, occurred, payload, subject in sorted(self.things, key=lambda thing: thing[:2]):
            with clock.at(recorded), transaction.atomic(savepoint=False):
                if self._apply(payload, subject, min(occurred, recorded), recorded):
                    record(payload, subject=subject, actor=SYSTEM, occurred_at=occurred)

    def _apply(self, payload: Payload, subject: Ticket | Task, claimed: datetime, recorded: datetime) -> bool:
        """Change the rows that a payload is about; False where the rooms would have refused it."""
        match payload, subject:
            case told.TicketMerged(), Ticket():
                return self._merge(subject, payload.into_id)
            case told.TicketReopened(), Ticket():
                self._follow(subject, None)
            case told.TicketReclassified(), Ticket():
                Ticket.objects.filter(pk=subject.pk).update(**payload.model_dump(exclude_unset=True))
            case told.TicketVerdictGiven(), Ticket():
                Verdict.objects.create(
                    ticket=subject, release_id=payload.release_id, outcome=payload.outcome, pass_number=1,
                    given_at=claimed, recorded_at=recorded,
                )  # fmt: skip
            case worked.TaskMoved(), Task():
                Task.objects.filter(pk=subject.pk).update(stage=payload.to_stage, stage_since=claimed)
            case worked.TaskAssigned(), Task():
                Task.objects.filter(pk=subject.pk).update(assignee=payload.assignee_id)
            case worked.TaskLinked(), Task():
                link = {"task": subject, "ticket_id": payload.ticket_id}
                return TaskTicket.objects.get_or_create(**link, defaults={"linked_at": recorded})[1]
            case worked.TaskUnlinked(), Task():
                return bool(TaskTicket.objects.filter(task=subject, ticket=payload.ticket_id).delete()[0])
        return True

    def _merge(self, ticket: Ticket, into: int) -> bool:
        canonical = next(one for one in self.tickets if one.pk == into)
        same = ticket.programme_id == canonical.programme_id
        if into == ticket.pk or canonical.canonical_id is not None or not same or ticket.canonical_id is not None:
            return False
        for follower in self.tickets:
            if follower.canonical_id == ticket.pk:
                self._follow(follower, into)
                record(told.TicketMerged(into_id=into), subject=follower, actor=SYSTEM)
        self._follow(ticket, into)
        return True

    def _follow(self, ticket: Ticket, into: int | None) -> None:
        ticket.canonical_id = into
        outcome, state = ("duplicate", "closed") if into else ("", "received")
        Ticket.objects.filter(pk=ticket.pk).update(canonical=into, outcome=outcome, state=state)


def _severity(ticket: Ticket) -> Any:
    return ticket.severity

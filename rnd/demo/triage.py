"""The triager's part of the demo's year: what comes in is accepted, merged, answered or rejected."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from frontline_feedback.actions import accept_ticket, close_ticket, comment_ticket, merge_ticket, reject_ticket
from frontline_feedback.models import Ticket
from rnd.demo.faults import Fault

if TYPE_CHECKING:
    from rnd.demo.year import Year

QUESTIONS = (
    ("Was it the same battery each time?", "Так, той самий."),
    ("How far from the mast were you?", "Приблизно 150 метрів."),
    ("Could you send the log of that flight?", "Надішлю ввечері, коли буде зв'язок."),
    ("Does it come back after a restart?", "Після перезапуску працює до наступного зльоту."),
)


class Triage:
    """What Ingrid does with the inbox."""

    def __init__(self, year: Year) -> None:
        self.year = year
        self.rng = year.rng
        self.open: dict[str, int] = {}
        self.faults: dict[int, Fault] = {}

    def plan(self, ticket: Ticket, fault: Fault) -> None:
        """Look at a new ticket when its turn comes: the worse, the sooner."""
        hours = {"S1": 3, "S2": 14, "S3": 30, "S4": 50}[ticket.severity]
        self.faults[ticket.pk] = fault
        self.year.calendar.after(
            timedelta(hours=hours), lambda: self._decide(ticket.pk), spread=0.9, office=ticket.severity != "S1"
        )

    def plan_again(self, ticket: Ticket) -> None:
        """A fix did not hold: the ticket is back in triage for its next pass."""
        self.year.calendar.after(timedelta(hours=8), lambda: self._take_on(ticket.pk), office=True)

    def _decide(self, pk: int) -> None:
        ticket, fault = Ticket.objects.get(pk=pk), self.faults[pk]
        actor = self.year.world.actors["ingrid"]
        if self.rng.random() < 0.15:
            question, answer = self.rng.choice(QUESTIONS)
            comment_ticket(actor=actor, ticket=ticket, body=question, client_uuid=self.year.front.uuid())
            self.year.calendar.after(timedelta(hours=10), lambda: self.year.front.answer(ticket, answer))
        if fault.verdict == "rejected":
            reject_ticket(
                actor=actor, ticket=ticket, reason="Not a fault: the handset was empty. Charge it and try again."
            )
        elif fault.verdict == "answered":
            close_ticket(
                actor=actor, ticket=ticket, outcome="answered", reason=f"{fault.task}: see the handbook, chapter 4."
            )
        elif (canonical := self._same_fault(fault, ticket)) is not None:
            merge_ticket(actor=actor, ticket=ticket, canonical=canonical)
            self.year.listen()
        elif self.rng.random() < 0.04:
            accept_ticket(actor=actor, ticket=ticket)
            self.year.calendar.after(timedelta(days=9), lambda: self._no_fault(pk), office=True)
        else:
            self._take_on(pk)

    def _same_fault(self, fault: Fault, ticket: Ticket) -> Ticket | None:
        """Give the open ticket that tells of the same fault, where the triager notices it."""
        known = Ticket.objects.filter(pk=self.open.get(fault.title, 0), state=Ticket.State.ACCEPTED).first()
        same = known is not None and known.programme_id == ticket.programme_id
        return known if same and self.rng.random() < 0.5 else None

    def _take_on(self, pk: int) -> None:
        ticket, fault = Ticket.objects.get(pk=pk), self.faults[pk]
        if ticket.state != Ticket.State.RECEIVED:
            return
        accept_ticket(actor=self.year.world.actors["ingrid"], ticket=ticket)
        self.open[fault.title] = pk
        self.year.engineering.plan(ticket, fault)

    def _no_fault(self, pk: int) -> None:
        close_ticket(
            actor=self.year.world.actors["ingrid"],
            ticket=Ticket.objects.get(pk=pk),
            outcome="no_fault_found",
            reason="Three days in the climate chamber, and it would not happen. Reopen it with a log if it comes back.",
        )

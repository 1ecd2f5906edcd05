"""The triage inbox: what nobody has decided on, the most urgent first."""

from __future__ import annotations

from dataclasses import dataclass

from foundation.accounts.actors import Actor
from frontline_feedback.models import Ticket
from frontline_feedback.policies import RIGHTS

# What is looked through in one go; the rest is counted, and comes up as these are decided.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Inbox:
    """The first tickets of the inbox, and how many there are in all."""

    tickets: list[Ticket]
    total: int

    @property
    def first(self) -> Ticket | None:
        """Give the most urgent ticket."""
        return self.tickets[0] if self.tickets else None

    def after(self, ticket: Ticket) -> Ticket | None:
        """Give the ticket below this one, at the end the first again; None where there is no other."""
        others = [other for other in self.tickets if other.pk != ticket.pk]
        place = next((i for i, other in enumerate(self.tickets) if other.pk == ticket.pk), 0)
        return others[place] if place < len(others) else others[0] if others else None


def inbox(actor: Actor) -> Inbox:
    """Give the received tickets of the programmes in which the actor triages: by severity, then the longest waiting."""
    waiting = Ticket.objects.received().filter(programme_id__in=actor.programmes(*RIGHTS["ticket.accept"]))
    rows = (
        waiting.select_related("team", "component", "platform").defer("words").order_by("severity", "received_at", "pk")
    )
    tickets = list(rows[: SHOWN + 1])
    total = len(tickets) if len(tickets) <= SHOWN else waiting.count()
    return Inbox(tickets[:SHOWN], total)

"""Take a ticket on: from triage into the engineers' queue."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.journal import record
from frontline_feedback.classification import Reclassification, reclassify
from frontline_feedback.kinds import TicketAccepted
from frontline_feedback.locking import locked_in_triage
from frontline_feedback.models import Ticket


@transaction.atomic
def accept_ticket(*, actor: Actor, ticket: Ticket, change: Reclassification | None = None) -> Ticket:
    """Accept a received ticket, corrected by `change` in the same step.

    Raises Conflict `ticket.not_in_triage` or `ticket.not_open` where somebody has decided already.
    """
    ticket = locked_in_triage(ticket)
    actor.require("ticket.accept", programme_id=ticket.programme_id)
    changed = reclassify(ticket, change) if change is not None else None
    if changed is not None:
        record(changed, subject=ticket, actor=actor, team_id=ticket.team_id)
    ticket.state = Ticket.State.ACCEPTED
    ticket.save()
    record(TicketAccepted(), subject=ticket, actor=actor, team_id=ticket.team_id)
    return ticket

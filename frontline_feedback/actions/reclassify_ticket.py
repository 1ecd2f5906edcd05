"""Correct what a ticket is about, or how much it matters."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.journal import record
from frontline_feedback.classification import Reclassification, reclassify
from frontline_feedback.locking import locked
from frontline_feedback.models import Ticket


@transaction.atomic
def reclassify_ticket(*, actor: Actor, ticket: Ticket, change: Reclassification) -> Ticket:
    """Correct platform, component, hardware or severity, in any state; without a difference nothing is recorded.

    Raises Invalid for what does not fit together or would leave the ticket's programme.
    """
    ticket = locked(ticket)
    actor.require("ticket.reclassify", programme_id=ticket.programme_id)
    changed = reclassify(ticket, change)
    if changed is not None:
        ticket.save()
        record(changed, subject=ticket, actor=actor, team_id=ticket.team_id)
    return ticket

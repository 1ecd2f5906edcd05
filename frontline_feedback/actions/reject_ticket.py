"""Turn a ticket down in triage, and say why."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from frontline_feedback import inputs
from frontline_feedback.kinds import TicketRejected
from frontline_feedback.locking import locked_in_triage
from frontline_feedback.models import Outcome, Ticket


@transaction.atomic
def reject_ticket(*, actor: Actor, ticket: Ticket, reason: str) -> Ticket:
    """Close a received ticket as rejected; the reporting team reads the reason.

    Raises Invalid `ticket.reason_missing`, Conflict where somebody has decided already.
    """
    ticket = locked_in_triage(ticket)
    actor.require("ticket.reject", programme_id=ticket.programme_id)
    reason = inputs.text(reason, field="reason", missing=_("Say why: the team that reported it reads this."))
    ticket.state, ticket.outcome, ticket.closed_reason = Ticket.State.CLOSED, Outcome.REJECTED, reason
    ticket.save(update_fields=["state", "outcome", "closed_reason"])
    record(TicketRejected(reason=reason), subject=ticket, actor=actor, team_id=ticket.team_id)
    return ticket

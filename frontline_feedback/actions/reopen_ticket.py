"""Undo the end of a ticket: it goes back to triage."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit.errors import Conflict
from frontline_feedback import inputs
from frontline_feedback.kinds import TicketReopened
from frontline_feedback.locking import locked
from frontline_feedback.models import Outcome, Ticket, Verdict


@transaction.atomic
def reopen_ticket(*, actor: Actor, ticket: Ticket, reason: str) -> Ticket:
    """Undo a rejection, a merge or a closing; taking back `fixed` starts the next pass.

    Raises Invalid `ticket.reason_missing`, Conflict `ticket.not_closed`.
    """
    ticket = locked(ticket)
    actor.require("ticket.reopen", programme_id=ticket.programme_id, team_id=ticket.team_id)
    if ticket.is_open:
        raise Conflict("ticket.not_closed", _("%(key)s is open: there is nothing to undo.") % {"key": ticket.key})
    reason = inputs.text(reason, field="reason", missing=_("Say why it is not over."))
    # Also of a merged ticket, which keeps its own verdicts.
    said = ticket.verdicts.filter(pass_number=ticket.pass_number, outcome=Verdict.Outcome.FIXED)
    if ticket.outcome == Outcome.FIXED or said.exists():
        ticket.pass_number += 1
    ticket.state, ticket.outcome, ticket.closed_reason, ticket.canonical = Ticket.State.RECEIVED, "", "", None
    ticket.save(update_fields=["state", "outcome", "closed_reason", "canonical", "pass_number"])
    record(TicketReopened(reason=reason), subject=ticket, actor=actor, team_id=ticket.team_id)
    return ticket

"""End a ticket without a fix: with an answer, or because there is no fault or it will not be fixed."""

from typing import Final, Literal, cast

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit.errors import Invalid
from frontline_feedback import inputs
from frontline_feedback.kinds import TicketClosed
from frontline_feedback.locking import locked_open
from frontline_feedback.models import Outcome, Ticket

ClosingOutcome = Literal["answered", "no_fault_found", "wont_fix"]
# The others are given by their own verbs: the team's verdict, a rejection, a merge.
CLOSING: Final[tuple[Outcome, ...]] = (Outcome.ANSWERED, Outcome.NO_FAULT_FOUND, Outcome.WONT_FIX)


@transaction.atomic
def close_ticket(*, actor: Actor, ticket: Ticket, outcome: str, reason: str) -> Ticket:
    """Close an open ticket with one of the outcomes in CLOSING; the reporting team reads the reason.

    Raises Invalid for another outcome or no reason, Conflict `ticket.not_open`.
    """
    ticket = locked_open(ticket)
    actor.require("ticket.close", programme_id=ticket.programme_id)
    if outcome not in CLOSING:
        raise Invalid(
            "ticket.outcome_unknown",
            _("A ticket is not closed as “%(given)s” this way, but as one of: %(known)s.")
            % {"given": outcome, "known": ", ".join(CLOSING)},
            field="outcome",
        )
    reason = inputs.text(reason, field="reason", missing=_("Say why: the team that reported it reads this."))
    ticket.state, ticket.outcome, ticket.closed_reason = Ticket.State.CLOSED, outcome, reason
    ticket.save(update_fields=["state", "outcome", "closed_reason"])
    record(
        TicketClosed(outcome=cast(ClosingOutcome, str(outcome)), reason=reason),
        subject=ticket,
        actor=actor,
        team_id=ticket.team_id,
    )
    return ticket

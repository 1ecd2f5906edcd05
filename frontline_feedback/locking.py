"""Taking a ticket for a change: as it is now, held until the transaction ends, in the state that the change needs."""

from django.utils.translation import gettext as _

from foundation.kit.errors import Conflict
from foundation.kit.transactions import require_transaction
from frontline_feedback.models import Ticket


def locked(ticket: Ticket) -> Ticket:
    """Give the ticket as it is now, held until the transaction ends."""
    require_transaction("A change of a ticket")
    return Ticket.objects.select_for_update().get(pk=ticket.pk)


def locked_open(ticket: Ticket) -> Ticket:
    """Like `locked`; raises Conflict `ticket.not_open` for one that is closed."""
    current = locked(ticket)
    if not current.is_open:
        raise Conflict(
            "ticket.not_open",
            _("%(key)s is closed (%(outcome)s). Reopen it first.")
            % {"key": current.key, "outcome": current.get_outcome_display()},
        )
    return current


def locked_in_loop(ticket: Ticket) -> Ticket:
    """Like `locked_open`, but a merged ticket will do too: its team is still waiting for the fix."""
    current = locked(ticket)
    return current if current.is_merged else locked_open(current)


def locked_in_triage(ticket: Ticket) -> Ticket:
    """Like `locked_open`; raises Conflict `ticket.not_in_triage` for one that somebody has accepted already."""
    current = locked_open(ticket)
    if current.state != Ticket.State.RECEIVED:
        raise Conflict(
            "ticket.not_in_triage",
            _("%(key)s is accepted already. It can be reclassified, merged, or closed with an answer.")
            % {"key": current.key},
        )
    return current

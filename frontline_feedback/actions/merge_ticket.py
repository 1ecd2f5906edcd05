"""Say that a ticket tells of the same fault as another one."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit.errors import Conflict, Invalid
from frontline_feedback.kinds import TicketMerged
from frontline_feedback.locking import locked_open
from frontline_feedback.models import Outcome, Ticket


@transaction.atomic
def merge_ticket(*, actor: Actor, ticket: Ticket, canonical: Ticket) -> Ticket:
    """Close the ticket as a duplicate of `canonical`; its own duplicates follow it there.

    It keeps its reporter, its clock and its verdicts. Raises Invalid for itself or another programme's ticket,
    Conflict where the ticket is closed or `canonical` is itself merged.
    """
    # All that may change, in one order, so that two merges the opposite way round cannot wait for each other.
    list(Ticket.objects.select_for_update().filter(pk__in=(ticket.pk, canonical.pk)).order_by("pk"))
    ticket = locked_open(ticket)
    canonical = Ticket.objects.get(pk=canonical.pk)
    actor.require("ticket.merge", programme_id=ticket.programme_id)
    _check_canonical(ticket, canonical)
    followers = list(ticket.duplicates.select_for_update().order_by("pk"))
    ticket.state, ticket.outcome = Ticket.State.CLOSED, Outcome.DUPLICATE
    for merged in (ticket, *followers):
        merged.canonical = canonical
        merged.save(update_fields=["state", "outcome", "canonical"])
        record(TicketMerged(into_id=canonical.pk), subject=merged, actor=actor, team_id=merged.team_id)
    return ticket


def _check_canonical(ticket: Ticket, canonical: Ticket) -> None:
    if canonical.pk == ticket.pk:
        raise Invalid(
            "ticket.merge_with_itself", _("%(key)s cannot be merged into itself.") % {"key": ticket.key}, field="into"
        )
    if canonical.programme_id != ticket.programme_id:
        raise Invalid(
            "ticket.merge_elsewhere",
            _("%(into)s belongs to another programme than %(key)s.") % {"into": canonical.key, "key": ticket.key},
            field="into",
        )
    if canonical.canonical is not None:
        raise Conflict(
            "ticket.canonical_merged",
            _("%(into)s is itself merged. Merge %(key)s into %(end)s.")
            % {"into": canonical.key, "key": ticket.key, "end": canonical.canonical.key},
            field="into",
        )

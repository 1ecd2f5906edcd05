"""Note on the ticket that the reporting team runs the release that was offered as its fix."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit.errors import Invalid
from frontline_feedback.kinds import TicketFixInstalled
from frontline_feedback.locking import locked
from frontline_feedback.models import Offer, Ticket
from releases.models import Installation


@transaction.atomic
def mark_installed(*, actor: Actor, ticket: Ticket, installation: Installation) -> Offer | None:
    """Mark the offer of the present pass that `installation` answers; only the first installation counts.

    None where the installed release was not offered in this pass (the ticket may have gone on to its next one).
    Raises Invalid `ticket.installation_elsewhere` for another team's installation.
    """
    ticket = locked(ticket)
    actor.require("ticket.mark_installed", programme_id=ticket.programme_id)
    if installation.team_id != ticket.team_id:
        raise Invalid(
            "ticket.installation_elsewhere",
            _("This installation is another team's than the one that reported %(key)s.") % {"key": ticket.key},
        )
    offer = ticket.offers.filter(release_id=installation.release_id, pass_number=ticket.pass_number).first()
    if offer is None or offer.installed_at is not None:
        return offer
    offer.installed_at = installation.installed_at
    offer.save(update_fields=["installed_at"])
    record(
        TicketFixInstalled(release_id=installation.release_id, installation_id=installation.pk),
        subject=ticket,
        actor=actor,
        occurred_at=installation.installed_at,
        team_id=ticket.team_id,
    )
    return offer

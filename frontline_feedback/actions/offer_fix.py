"""Tell the reporting team that a published release holds the fix of its ticket."""

from datetime import datetime

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.journal import record
from frontline_feedback.kinds import TicketFixOffered
from frontline_feedback.locking import locked_in_loop
from frontline_feedback.models import Offer, Ticket
from releases.models import Release


@transaction.atomic
def offer_fix(*, actor: Actor, ticket: Ticket, release: Release, channel: str, offered_at: datetime) -> Offer:
    """Offer `release` for the ticket's present pass, once: again gives the same offer, whatever the channel.

    Merged tickets are offered the fix too: their teams have their own verdict. `offered_at` is the moment of
    publishing. Raises Conflict `ticket.not_open` for a ticket that is closed otherwise.
    """
    ticket = locked_in_loop(ticket)
    actor.require("ticket.offer_fix", programme_id=ticket.programme_id)
    offer, created = Offer.objects.get_or_create(
        ticket=ticket,
        release=release,
        pass_number=ticket.pass_number,
        defaults={"channel": channel, "offered_at": offered_at},
    )
    if created:
        record(
            TicketFixOffered(release_id=release.pk, channel=channel, version=release.version),
            subject=ticket,
            actor=actor,
            occurred_at=offered_at,
            team_id=ticket.team_id,
        )
    return offer

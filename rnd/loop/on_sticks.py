"""What the loop has to do with sticks: which fixes a release holds for a team, and the verdicts that come back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from foundation.accounts.actors import SYSTEM, Actor
from foundation.accounts.models import Team
from foundation.kit.errors import DomainError
from frontline_feedback.actions.give_verdict import give_verdict
from frontline_feedback.keys import pk_of
from frontline_feedback.models import Ticket
from releases.bundles.actions.settle_verdict import settle_verdict
from releases.bundles.documents import Answer
from releases.bundles.models import Receipt
from releases.models import Release
from rnd.loop.fixes import fix_in, ways_of, works_on

MOST: Final = 500


def fixes_for(*, actor: Actor, release: Release, team: Team) -> Sequence[Answer]:
    """Give the team's tickets in the release's component, oldest first, each with whether the release holds its fix.

    The newest `MOST` of them, of those that the actor may see. Ancestry decides, as on the ticket's page.
    """
    about = Q(component=release.component_id) | Q(task_links__task__component=release.component_id)
    newest = Ticket.objects.visible_to(actor).filter(about, team=team).order_by("-pk").values_list("pk", flat=True)
    tickets = list(Ticket.objects.filter(pk__in=list(newest.distinct()[:MOST])).order_by("pk"))
    works = works_on(tickets)
    ways = ways_of(works, tickets=tickets)
    return [
        Answer(
            ticket.key,
            ticket.title,
            # Where its commits are all in, the full question is asked: a task may still be open.
            release.pk in ways[ticket.pk].get(release.component_id, ()) and fix_in(ticket, release).holds,
        )
        for ticket in tickets
    ]


def take_brought_verdict(receipt_id: int, *, given_at: str) -> None:
    """Take in the verdict that a receipt brought, or say on the receipt why it cannot be; twice is once."""
    receipt = Receipt.objects.select_related("release", "team", "hardware").get(pk=receipt_id)
    if receipt.verdict_state != Receipt.VerdictState.WAITING or receipt.release is None:
        return
    pk = pk_of(receipt.ticket)
    ticket = Ticket.objects.filter(pk=pk or 0, team=receipt.team).first()
    if ticket is None:
        error = _("%(team)s has no ticket “%(key)s”.") % {"team": receipt.team, "key": receipt.ticket}
        settle_verdict(actor=SYSTEM, receipt=receipt, error=error)
        return
    try:
        with transaction.atomic():
            give_verdict(
                actor=SYSTEM,
                ticket=ticket,
                release=receipt.release,
                outcome=receipt.verdict,
                note=receipt.note,
                hardware=receipt.hardware,
                given_at=datetime.fromisoformat(given_at),
                client_uuid=receipt.client_uuid,
            )
    except DomainError as error:
        settle_verdict(actor=SYSTEM, receipt=receipt, error=error.message)
        return
    settle_verdict(actor=SYSTEM, receipt=receipt)

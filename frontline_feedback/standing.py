"""Where a ticket stands, in plain words for the team that reported it, and what is asked of that team."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Role
from frontline_feedback import queries
from frontline_feedback.forms import VerdictForm
from frontline_feedback.models import Offer, Outcome, Ticket, Verdict

Ask = Literal["", "install", "verdict"]
OVER_SHOWN = 20
OPEN_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """One ticket as its team sees it: the sentence, what is asked (if anything), and the release it is about."""

    ticket: Ticket
    words: str
    ask: Ask = ""
    offer: Offer | None = None
    over: bool = False

    @property
    def verdict_form(self) -> VerdictForm:
        """Give the form for the verdict that is asked for."""
        offers = [offer for offer in offers_now(self.ticket) if offer.installed_at is not None]
        return VerdictForm(offers=offers, auto_id=f"verdict-{self.ticket.pk}-%s")


@dataclass(frozen=True, slots=True)
class TeamTickets:
    """A field team's page: what is asked of it, what goes on, and what ended lately."""

    asked: list[Standing]
    going: list[Standing]
    over: list[Standing]


def offers_now(ticket: Ticket) -> list[Offer]:
    """Give the offers of the present pass, oldest first; one query, or none where the ticket brought them along."""
    return [offer for offer in queries.offers_of(ticket) if offer.pass_number == ticket.pass_number]


def standing_of(ticket: Ticket) -> Standing:
    """Give where the ticket stands. Reads its offers and, of a merged one, the canonical ticket's state only."""
    offers = offers_now(ticket)
    installed = [offer for offer in offers if offer.installed_at is not None]
    if ticket.is_open or ticket.is_merged:
        verdict_given = ticket.is_merged and any(
            verdict.pass_number == ticket.pass_number and verdict.outcome != Verdict.Outcome.COULD_NOT_TEST
            for verdict in ticket.verdicts.all()
        )
        if installed and not verdict_given:
            release = installed[-1].release
            return Standing(
                ticket, _("You run %(release)s. Is it fixed?") % {"release": release}, "verdict", installed[-1]
            )
        if offers and not verdict_given:
            words = _("%(release)s should fix it. Install it, then say whether it does.")
            return Standing(ticket, words % {"release": offers[-1].release}, "install", offers[-1])
    return _merged(ticket) if ticket.is_merged else _plain(ticket)


def _plain(ticket: Ticket) -> Standing:
    if ticket.state == Ticket.State.CLOSED:
        return Standing(ticket, _end(ticket), over=True)
    if ticket.state == Ticket.State.ACCEPTED:
        return Standing(ticket, _("Accepted. The engineers are on it."))
    if ticket.pass_number > 1:
        return Standing(ticket, _("The last fix did not hold. The engineers look at it again."))
    return Standing(ticket, _("Received. It will be looked at next."))


def _merged(ticket: Ticket) -> Standing:
    canonical = ticket.canonical
    assert canonical is not None
    if canonical.is_open:
        return Standing(ticket, _("The same was reported before. Both are followed together."))
    words = _("The same was reported before, and that report is closed: %(outcome)s.")
    return Standing(ticket, words % {"outcome": canonical.get_outcome_display()}, over=True)


def _end(ticket: Ticket) -> str:
    match ticket.outcome:
        case Outcome.FIXED:
            return _("Fixed, as you confirmed.")
        case Outcome.REJECTED:
            return _("Not taken on: %(reason)s") % {"reason": ticket.closed_reason}
        case Outcome.ANSWERED:
            return _("Answered: %(reason)s") % {"reason": ticket.closed_reason}
        case Outcome.NO_FAULT_FOUND:
            return _("No fault was found: %(reason)s") % {"reason": ticket.closed_reason}
        case _:
            return _("It will not be fixed: %(reason)s") % {"reason": ticket.closed_reason}


def team_tickets(actor: Actor) -> TeamTickets:
    """Give the tickets of the actor's own field teams, newest first in each part (6 queries or fewer)."""
    own = (
        Ticket.objects.filter(team_id__in=actor.teams(Role.REPORTER))
        .select_related("component", "platform", "team", "canonical")
        .defer("words", "canonical__words")
        .prefetch_related(queries.with_offers(), "verdicts")
        .order_by("-pk")
    )
    unanswered = Exists(Offer.objects.filter(ticket=OuterRef("pk"), pass_number=OuterRef("pass_number"))) & ~Exists(
        Verdict.objects.filter(ticket=OuterRef("pk"), pass_number=OuterRef("pass_number")).exclude(
            outcome=Verdict.Outcome.COULD_NOT_TEST
        )
    )
    live = ~Q(state=Ticket.State.CLOSED) | (
        Q(canonical__isnull=False) & (~Q(canonical__state=Ticket.State.CLOSED) | unanswered)
    )
    going = [standing_of(ticket) for ticket in own.filter(live)[:OPEN_SHOWN]]
    over = [standing_of(ticket) for ticket in own.exclude(live)[:OVER_SHOWN]]
    return TeamTickets(
        asked=[standing for standing in going if standing.ask],
        going=[standing for standing in going if not standing.ask],
        over=over,
    )

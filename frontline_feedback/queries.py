"""What pages and API read of tickets; the lists of the field team and of triage stand in modules of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.kit.asking import rows_of
from foundation.kit.errors import NotFound
from foundation.kit.paging import Page, page_number
from frontline_feedback import search
from frontline_feedback.keys import key_of
from frontline_feedback.models import Attachment, Comment, Offer, Ticket, Verdict
from frontline_feedback.querysets import TicketQuerySet

FACTS: Final = (
    "programme", "team", "reporter", "platform", "component", "hardware__platform", "release__component", "canonical",
)  # fmt: skip
# Enough to find the one that is meant; who sees more than this searches for something else.
MOST_CANDIDATES: Final = 12


def with_facts(tickets: TicketQuerySet[Ticket]) -> TicketQuerySet[Ticket]:
    """Bring what a ticket is about along, in the same query."""
    return tickets.select_related(*FACTS).defer("words", "canonical__words")


def ticket_by_pk(actor: Actor, pk: int) -> Ticket:
    """Give the visible ticket FB-`pk` with its facts; raises NotFound (also for one that may not be seen)."""
    try:
        return with_facts(Ticket.objects.visible_to(actor)).get(pk=pk)
    except Ticket.DoesNotExist:
        raise NotFound(
            "ticket.not_found",
            _("There is no ticket %(key)s that you may see. Check the number.") % {"key": key_of(pk)},
        ) from None


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list of tickets is narrowed to: slugs and values, "" for all; several severities or states by comma."""

    tab: str = ""
    q: str = ""
    state: str = ""
    outcome: str = ""
    severity: str = ""
    programme: str = ""
    component: str = ""
    platform: str = ""
    team: str = ""

    @property
    def any(self) -> bool:
        """Tell whether something besides the tab narrows the list."""
        return any((self.q, self.state, self.outcome, self.severity, self.component, self.platform, self.team))

    def apply(self, tickets: TicketQuerySet[Ticket]) -> TicketQuerySet[Ticket]:
        """Keep the tickets that all filters let through."""
        match self.tab:
            case "inbox":
                tickets = tickets.received()
            case "open":
                tickets = tickets.open()
            case "closed":
                tickets = tickets.closed()
        for column, value in (("state", self.state), ("outcome", self.outcome), ("severity", self.severity)):
            if value:
                tickets = tickets.filter(**{f"{column}__in": value.split(",")})
        for relation in ("programme", "component", "platform", "team"):
            if slug := getattr(self, relation):
                tickets = tickets.filter(**{f"{relation}__slug": slug})
        return search.matching(tickets, self.q)


TABS: Final = ("inbox", "open", "all", "closed")


def ticket_list(actor: Actor, filters: Filters) -> TicketQuerySet[Ticket]:
    """Give the visible tickets that the filters let through, newest first, with what a row shows."""
    return (
        filters.apply(Ticket.objects.visible_to(actor))
        .select_related("team", "component", "platform", "canonical")
        .defer("words", "canonical__words")
        .order_by("-pk")
    )


class TicketRow(NamedTuple):
    """What a row of the list shows of a ticket."""

    pk: int
    title: str
    severity: str
    state: str
    outcome: str
    received_at: datetime
    component: str
    team: str

    @property
    def key(self) -> str:
        """The ticket's key."""
        return key_of(self.pk)


def ticket_rows(actor: Actor, filters: Filters, request: HttpRequest) -> Page[TicketRow]:
    """Give the page of `ticket_list` that `?page=` names, with only those columns that are shown."""
    number, size = page_number(request), 50
    start = (number - 1) * size
    # A search asks the database while it is built, so it is built anew each time.
    rows = list(_rows(actor, filters, start, size)) if filters.q else rows_of(_rows, actor, filters, start, size)
    return Page.of(map(TicketRow._make, rows), number, size)


def _rows(actor: Actor, filters: Filters, start: int, size: int) -> QuerySet[Ticket, tuple[Any, ...]]:
    columns = ("pk", "title", "severity", "state", "outcome", "received_at", "component__name", "team__name")
    return ticket_list(actor, filters).values_list(*columns)[start : start + size + 1]


def inbox_size(actor: Actor) -> int:
    """Give how many tickets wait for triage (the partial index makes this quick)."""
    return Ticket.objects.visible_to(actor).received().count()


def comments_of(ticket: Ticket) -> list[Comment]:
    """Give the comments, oldest first."""
    return list(ticket.comments.select_related("author").order_by("at", "pk"))


def verdicts_of(ticket: Ticket) -> list[Verdict]:
    """Give the verdicts, oldest first, with release and hardware."""
    return list(
        ticket.verdicts.select_related("release__component", "hardware__platform", "given_by").order_by(
            "recorded_at", "pk"
        )
    )


def offers_of(ticket: Ticket) -> list[Offer]:
    """Give the offers of every pass, oldest first."""
    return list(ticket.offers.select_related("release__component").order_by("pass_number", "offered_at", "pk"))


def attachments_of(ticket: Ticket) -> list[Attachment]:
    """Give the attachments, oldest first."""
    return list(ticket.attachments.select_related("added_by").order_by("pk"))


def duplicates_of(actor: Actor, ticket: Ticket) -> list[Ticket]:
    """Give the tickets merged into this one that the actor may see, oldest first."""
    return list(Ticket.objects.visible_to(actor).filter(canonical=ticket).select_related("team").order_by("pk"))


def merge_candidates(actor: Actor, ticket: Ticket, text: str = "") -> list[Ticket]:
    """Give the tickets that this one may be merged into, the likeliest first.

    With `text`, those that match it; without, those whose title resembles this one's. Merged ones are left out.
    """
    others = (
        Ticket.objects.visible_to(actor)
        .filter(programme_id=ticket.programme_id, canonical__isnull=True)
        .exclude(pk=ticket.pk)
    )
    if text:
        # Without an order of its own the newest are compared.
        found = search.matching(others, text).order_by("-pk").values("pk")[: search.COMPARED]
        likely = search.by_likeness(others.filter(pk__in=found), text)
    else:
        likely = search.resembling(others, ticket.title)
    return list(likely.select_related("team", "component", "platform")[:MOST_CANDIDATES])

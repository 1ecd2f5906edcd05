"""What pages and API read of tickets; the lists of the field team and of triage stand in modules of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.kit.asking import objects_of, rows_of
from foundation.kit.errors import NotFound
from foundation.kit.paging import Page, page_number
from frontline_feedback import search
from frontline_feedback.keys import key_of
from frontline_feedback.models import Attachment, Comment, Offer, Ticket, Verdict
from frontline_feedback.querysets import TicketQuerySet

FACTS: Final = (
    "programme", "team", "reporter", "device", "platform", "component", "hardware__platform", "release__component",
    "canonical",
)  # fmt: skip
# Enough to find the one that is meant; who sees more than this searches for something else.
MOST_CANDIDATES: Final = 12


def with_facts(tickets: TicketQuerySet[Ticket]) -> TicketQuerySet[Ticket]:
    """Bring what a ticket is about along, in the same query."""
    return tickets.select_related(*FACTS).defer("words", "canonical__words")


def ticket_by_pk(actor: Actor, pk: int) -> Ticket:
    """Give the visible ticket FB-`pk` with its facts; raises NotFound (also for one that may not be seen)."""
    for ticket in objects_of(_visible, actor, key=pk):
        return ticket
    raise NotFound(
        "ticket.not_found",
        _("There is no ticket %(key)s that you may see. Check the number.") % {"key": key_of(pk)},
    )


def _visible(actor: Actor, pk: int) -> TicketQuerySet[Ticket]:
    return with_facts(Ticket.objects.visible_to(actor)).filter(pk=pk)


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
    """Give the visible tickets that the filters let through, newest first."""
    return filters.apply(Ticket.objects.visible_to(actor)).order_by("-pk")


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
    # What is left out before the page is only counted in the index.
    page = ticket_list(actor, filters).values("pk")[start : start + size + 1]
    return Ticket.objects.filter(pk__in=page).order_by("-pk").values_list(*columns)


def inbox_size(actor: Actor) -> int:
    """Give how many tickets wait for triage (the partial index makes this quick)."""
    counted = rows_of(_inbox, actor)
    return int(counted[0][0]) if counted else 0


def _inbox(actor: Actor) -> QuerySet[Ticket, tuple[int]]:
    received = Ticket.objects.visible_to(actor).received().order_by()
    return received.values("state").annotate(size=Count("pk")).values_list("size")


def comments_of(ticket: Ticket) -> list[Comment]:
    """Give the comments, oldest first."""
    return objects_of(_comments, key=ticket.pk)


def _comments(ticket: int) -> QuerySet[Comment]:
    return Comment.objects.filter(ticket=ticket).select_related("author", "device").order_by("at", "pk")


def verdicts_of(ticket: Ticket) -> list[Verdict]:
    """Give the verdicts, oldest first, with release and hardware."""
    return objects_of(_verdicts, key=ticket.pk)


def _verdicts(ticket: int) -> QuerySet[Verdict]:
    found = Verdict.objects.filter(ticket=ticket).order_by("recorded_at", "pk")
    return found.select_related("release__component", "hardware__platform", "given_by", "device")


def offers_of(ticket: Ticket) -> list[Offer]:
    """Give the offers of every pass, oldest first; one query, or none where the ticket brought them along."""
    if not hasattr(ticket, "known_offers"):
        ticket.known_offers = objects_of(_offers, key=ticket.pk)
    return ticket.known_offers


def _offers(ticket: int) -> QuerySet[Offer]:
    return _in_order(Offer.objects.filter(ticket=ticket))


def _in_order(offers: QuerySet[Offer]) -> QuerySet[Offer]:
    return offers.select_related("release__component").order_by("pass_number", "offered_at", "pk")


def with_offers() -> Prefetch[Any, Any, Any]:
    """Let tickets bring their offers along."""
    return Prefetch("offers", _in_order(Offer.objects.all()), to_attr="known_offers")


def attachments_of(ticket: Ticket) -> list[Attachment]:
    """Give the attachments, oldest first."""
    return objects_of(_attachments, key=ticket.pk)


def _attachments(ticket: int) -> QuerySet[Attachment]:
    return Attachment.objects.filter(ticket=ticket).select_related("added_by").order_by("pk")


def duplicates_of(actor: Actor, ticket: Ticket) -> list[Ticket]:
    """Give the tickets merged into this one that the actor may see, oldest first."""
    return objects_of(_duplicates, actor, key=ticket.pk)


def _duplicates(actor: Actor, canonical: int) -> TicketQuerySet[Ticket]:
    return Ticket.objects.visible_to(actor).filter(canonical=canonical).select_related("team").order_by("pk")


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
        likely = search.newest_by_likeness(search.matching(others, text), text)
    else:
        likely = search.resembling(others, ticket.title)
    return list(likely.select_related("team", "component", "platform").defer("words")[:MOST_CANDIDATES])

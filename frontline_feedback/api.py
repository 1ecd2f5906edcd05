"""`/api/v1/feedback/`: the same verbs as the pages'."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.kit.api.schema import verb
from foundation.kit.api.views import ActionViewSet
from frontline_feedback import actions, queries, wire
from frontline_feedback.keys import PATTERN, pk_of
from frontline_feedback.models import Comment, Outcome, Severity, Ticket, Verdict

FILTERS = {
    "q": "Words of the text, or a key.",
    "state": "",
    "outcome": "",
    "severity": "",
    "programme": "Slug of a programme.",
    "component": "Slug of a component.",
    "platform": "Slug of a platform.",
    "team": "Slug of the reporting team.",
}
CHOICES = {"state": Ticket.State.values, "outcome": Outcome.values, "severity": Severity.values}


@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter(name, OpenApiTypes.STR, description=says, enum=CHOICES.get(name))
            for name, says in FILTERS.items()
        ]
    )
)
class TicketViewSet(ActionViewSet[Ticket]):
    """Tickets, newest first."""

    serializer_class = wire.TicketSerializer
    lookup_url_kwarg = "key"
    lookup_value_regex = PATTERN
    queryset = Ticket.objects.none()
    query_names: ClassVar[frozenset[str]] = frozenset(FILTERS)

    def get_queryset(self) -> QuerySet[Ticket]:
        """Give the visible tickets; in the list, those that the query string asks for."""
        tickets = queries.with_facts(Ticket.objects.visible_to(self.actor))
        return self._filters().apply(tickets) if self.action == "list" else tickets

    def get_object(self) -> Ticket:
        """Give the visible ticket that the key names, in any letter case; raises NotFound."""
        return queries.ticket_by_pk(self.actor, pk_of(self.kwargs["key"]) or 0)

    def _filters(self) -> queries.Filters:
        asked = {name: self.request.query_params.get(name, "") for name in FILTERS}
        for name, known in CHOICES.items():
            wire.check_choice(name, asked[name], known)
        return queries.Filters(**asked)

    @extend_schema(request=wire.ReportInput, responses={201: wire.TicketSerializer})
    def create(self, request: Request) -> Response:
        """Report a fault; the same `client_uuid` with the same content gives the same ticket."""
        self.actor.require("ticket.report")
        values = wire.report_values(self.actor, self.parsed(wire.ReportInput))
        ticket = actions.report_ticket(actor=self.actor, **values)
        return self.created(wire.ticket_row(ticket.pk), location=f"/api/v1/feedback/{ticket.key}/")

    @verb(wire.ReclassifyInput, gives=wire.TicketSerializer)
    def accept(self, request: Request, key: str) -> Response:
        """Take the ticket on, with corrections where the body names some."""
        ticket = self._permitted("accept")
        change = wire.change_of(self.actor, ticket, self.parsed(wire.ReclassifyInput))
        return self.answer(self._read(actions.accept_ticket(actor=self.actor, ticket=ticket, change=change)))

    @verb(wire.ReasonInput, gives=wire.TicketSerializer)
    def reject(self, request: Request, key: str) -> Response:
        """Turn the ticket down in triage, and say why."""
        return self._done(actions.reject_ticket, self.parsed(wire.ReasonInput))

    @verb(wire.MergeInput, gives=wire.TicketSerializer)
    def merge(self, request: Request, key: str) -> Response:
        """Say that it tells of the same fault as the ticket `into`."""
        ticket = self._permitted("merge")
        canonical = wire.ticket_named(self.actor, self.parsed(wire.MergeInput)["into"], field="into")
        return self.answer(self._read(actions.merge_ticket(actor=self.actor, ticket=ticket, canonical=canonical)))

    @verb(wire.CloseInput, gives=wire.TicketSerializer)
    def close(self, request: Request, key: str) -> Response:
        """End the ticket without a fix, and say why."""
        return self._done(actions.close_ticket, self.parsed(wire.CloseInput))

    @verb(wire.ReasonInput, gives=wire.TicketSerializer)
    def reopen(self, request: Request, key: str) -> Response:
        """Undo a rejection, a merge or a closing; taking back `fixed` starts the next pass."""
        return self._done(actions.reopen_ticket, self.parsed(wire.ReasonInput))

    @verb(wire.ReclassifyInput, gives=wire.TicketSerializer)
    def reclassify(self, request: Request, key: str) -> Response:
        """Correct platform, component, hardware or severity; what the body does not name stays."""
        ticket = self._permitted("reclassify")
        change = wire.change_of(self.actor, ticket, self.parsed(wire.ReclassifyInput))
        return self.answer(self._read(actions.reclassify_ticket(actor=self.actor, ticket=ticket, change=change)))

    def _permitted(self, verb: str) -> Ticket:
        """Give the ticket of this address; refuses before a word is said of the other things that the body names."""
        ticket = self.get_object()
        self.actor.require(f"ticket.{verb}", programme_id=ticket.programme_id, team_id=ticket.team_id)
        return ticket

    def _done(self, action: Any, values: dict[str, Any]) -> Response:
        return self.answer(self._read(action(actor=self.actor, ticket=self.get_object(), **values)))

    def _read(self, ticket: Ticket) -> Ticket:
        return queries.ticket_by_pk(self.actor, ticket.pk)


class _OfTicket(ActionViewSet[Any]):
    """What belongs to one ticket: the address names it before its own part."""

    def ticket(self) -> Ticket:
        """Give the visible ticket that the address names; raises NotFound."""
        return queries.ticket_by_pk(self.actor, pk_of(self.kwargs["ticket_key"]) or 0)


class VerdictViewSet(_OfTicket):
    """The verdicts of one ticket, newest first."""

    serializer_class = wire.VerdictSerializer
    lookup_value_regex = "[0-9]{1,18}"
    queryset = Verdict.objects.none()

    def get_queryset(self) -> QuerySet[Verdict]:
        """Give the verdicts of the ticket."""
        return self.ticket().verdicts.select_related("release__component", "hardware", "given_by", "ticket")

    @extend_schema(request=wire.VerdictInput, responses={201: wire.VerdictSerializer})
    def create(self, request: Request, ticket_key: str) -> Response:
        """Say whether an offered and installed release fixes the fault."""
        ticket = self.ticket()
        self.actor.require("ticket.give_verdict", programme_id=ticket.programme_id, team_id=ticket.team_id)
        values = wire.verdict_values(ticket, self.parsed(wire.VerdictInput))
        verdict = actions.give_verdict(actor=self.actor, ticket=ticket, **values)
        address = f"/api/v1/feedback/{ticket.key}/verdicts/{verdict.pk}/"
        return self.created(self.get_queryset().get(pk=verdict.pk), location=address)


class CommentViewSet(_OfTicket):
    """The comments on one ticket, newest first."""

    serializer_class = wire.CommentSerializer
    lookup_value_regex = "[0-9]{1,18}"
    queryset = Comment.objects.none()

    def get_queryset(self) -> QuerySet[Comment]:
        """Give the comments on the ticket."""
        return self.ticket().comments.select_related("author", "ticket")

    @extend_schema(request=wire.CommentInput, responses={201: wire.CommentSerializer})
    def create(self, request: Request, ticket_key: str) -> Response:
        """Add a comment, in Markdown."""
        ticket = self.ticket()
        comment = actions.comment_ticket(actor=self.actor, ticket=ticket, **self.parsed(wire.CommentInput))
        address = f"/api/v1/feedback/{ticket.key}/comments/{comment.pk}/"
        return self.created(self.get_queryset().get(pk=comment.pk), location=address)

"""`/api/v1/statements/`: what people say of fixes that no commit can show."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.kit.api.serializers import InputSerializer
from foundation.kit.api.views import ActionViewSet
from foundation.kit.errors import Invalid
from frontline_feedback.keys import PATTERN, pk_of
from frontline_feedback.wire import ticket_named
from releases.models import Release
from rnd.loop import queries
from rnd.loop.actions.state_fix import state_fix
from rnd.loop.models import Statement


class StatementSerializer(serializers.ModelSerializer[Statement]):
    """A person says that `release` (its id), and what descends from it, holds the fix of `ticket` in this pass."""

    ticket = serializers.CharField(source="ticket.key", read_only=True)
    component = serializers.CharField(source="release.component.slug", read_only=True)
    version = serializers.CharField(source="release.version", read_only=True)
    said_by = serializers.CharField(source="said_by.username", read_only=True, allow_null=True)

    class Meta:
        model = Statement
        fields = ("id", "ticket", "release", "component", "version", "note", "pass_number", "said_by", "said_at")
        read_only_fields = fields


class StatementInput(InputSerializer):
    """`note` says how one knows: a setting, a part, a test."""

    ticket = serializers.RegexField(rf"^{PATTERN}$")
    release = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    note = serializers.CharField(max_length=10_000)


@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("ticket", OpenApiTypes.STR, description="Key of a ticket."),
            OpenApiParameter("release", OpenApiTypes.INT64, description="Id of a release."),
        ]
    )
)
class StatementViewSet(ActionViewSet[Statement]):
    """Statements about the tickets that one may see, the newest first."""

    area = "releases"
    serializer_class = StatementSerializer
    lookup_value_regex = "[0-9]{1,18}"
    queryset = Statement.objects.none()
    query_names: ClassVar[frozenset[str]] = frozenset({"ticket", "release"})

    def get_queryset(self) -> QuerySet[Statement]:
        """Give the visible statements; in the list, those that the query string asks for."""
        found = queries.statements(self.actor)
        asked: Any = self.request.query_params if self.action == "list" else {}
        if ticket := asked.get("ticket"):
            found = found.filter(ticket=pk_of(ticket) or 0)
        if release := asked.get("release"):
            found = found.filter(release=_number(release))
        return found

    @extend_schema(request=StatementInput, responses={201: StatementSerializer})
    def create(self, request: Request) -> Response:
        """Say that a release holds a ticket's fix, where no commit can show it; again, it is the same statement."""
        self.actor.require("fix.state")
        values = self.parsed(StatementInput)
        ticket = ticket_named(self.actor, values["ticket"], field="ticket")
        self.actor.require("fix.state", programme_id=ticket.programme_id)
        known = Release.objects.visible_to(self.actor).select_related("component")
        release = known.filter(pk=values["release"]).first()
        if release is None:
            raise Invalid(
                "fix.release_unknown",
                _("There is no release %(pk)s that you may see.") % {"pk": values["release"]},
                field="release",
            )
        said = state_fix(actor=self.actor, ticket=ticket, release=release, note=values["note"])
        return self.created(self.get_queryset().get(pk=said.pk), location=f"/api/v1/statements/{said.pk}/")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Invalid("query.not_a_number", _("“%(value)s” is no number.") % {"value": text[:40]}, field="release")
    return int(text)

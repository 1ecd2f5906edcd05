"""`/api/v1/fixes/`: which release holds the fix for which ticket."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.kit.api.views import BaseViewSet
from foundation.kit.errors import Invalid
from frontline_feedback.keys import PATTERN, pk_of
from frontline_feedback.models import Ticket
from frontline_feedback.queries import ticket_by_pk
from rnd.loop import queries


class AnswerSerializer(serializers.Serializer[Any]):
    """Whether a release holds a ticket's fix, and why."""

    ticket = serializers.CharField()
    component = serializers.CharField()
    version = serializers.CharField()
    holds = serializers.BooleanField()
    reason = serializers.CharField()


class FixViewSet(BaseViewSet[Ticket]):
    """Answers by the ancestry of commits in git, never by the order of versions."""

    area = "feedback"  # this room has no verbs of its own: whoever may read tickets may ask
    lookup_url_kwarg = "key"
    lookup_value_regex = PATTERN
    serializer_class = AnswerSerializer
    queryset = Ticket.objects.none()
    query_names: ClassVar[frozenset[str]] = frozenset({"version", "component"})

    def get_queryset(self) -> QuerySet[Ticket]:
        return Ticket.objects.visible_to(self.actor)

    @extend_schema(
        parameters=[
            OpenApiParameter("version", OpenApiTypes.STR, required=True, description="As in “1.4.0” or “v1.4.0”."),
            OpenApiParameter("component", OpenApiTypes.STR, description="Slug; the ticket's component by default."),
        ]
    )
    def retrieve(self, request: Request, key: str) -> Response:
        """Say whether the fix for the ticket is in a version."""
        ticket = ticket_by_pk(self.actor, pk_of(key) or 0)
        version = request.query_params.get("version", "")
        if not version:
            raise Invalid("query.missing", _("Say which version, as in ?version=1.4.0."), field="version")
        component = request.query_params.get("component", "")
        release, answer = queries.answer_for(self.actor, ticket, version=version, component=component)
        values = {
            "ticket": ticket.key,
            "component": release.component.slug,
            "version": release.version,
            "holds": answer.holds,
            "reason": answer.reason,
        }
        return Response(self.get_serializer(values).data)

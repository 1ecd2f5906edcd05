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
from releases.builds import Build
from rnd.loop import queries
from rnd.loop.fixes import Answer


class AnswerSerializer(serializers.Serializer[Any]):
    """Whether a release holds a ticket's fix, and why."""

    ticket = serializers.CharField()
    component = serializers.CharField()
    version = serializers.CharField(allow_blank=True, help_text="The release that the build is; empty for a commit.")
    build = serializers.CharField(help_text="As it was asked.")
    commit = serializers.CharField()
    dirty = serializers.BooleanField(help_text="Built with changes that are in no commit: nobody can answer for those.")
    holds = serializers.BooleanField()
    reason = serializers.CharField()


class FixViewSet(BaseViewSet[Ticket]):
    """Answers by the ancestry of commits in git, never by the order of versions."""

    area = "feedback"  # this room has no verbs of its own: whoever may read tickets may ask
    lookup_url_kwarg = "key"
    lookup_value_regex = PATTERN
    serializer_class = AnswerSerializer
    queryset = Ticket.objects.none()
    query_names: ClassVar[frozenset[str]] = frozenset({"in", "version", "component"})

    def get_queryset(self) -> QuerySet[Ticket]:
        return Ticket.objects.visible_to(self.actor)

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "in", OpenApiTypes.STR, description="A version, a tag, a commit, or what `git describe` prints."
            ),
            OpenApiParameter("version", OpenApiTypes.STR, description="The same, by its older name."),
            OpenApiParameter("component", OpenApiTypes.STR, description="Slug; the ticket's component by default."),
        ]
    )
    def retrieve(self, request: Request, key: str) -> Response:
        """Say whether the fix for the ticket is in a build."""
        ticket = ticket_by_pk(self.actor, pk_of(key) or 0)
        named = request.query_params.get("in", "") or request.query_params.get("version", "")
        if not named:
            raise Invalid("query.missing", _("Say which build, as in ?in=1.4.0."), field="in")
        component = request.query_params.get("component", "")
        build, answer = queries.answer_for(self.actor, ticket, build=named, component=component)
        return Response(self.get_serializer(answer_values(ticket, build, answer)).data)


def answer_values(ticket: Ticket, build: Build, answer: Answer) -> dict[str, object]:
    """Give the answer as the API and the command line print it."""
    return {
        "ticket": ticket.key,
        "component": build.component.slug,
        "version": build.release.version if build.release else "",
        "build": build.name,
        "commit": build.sha,
        "dirty": build.dirty,
        "holds": answer.holds,
        "reason": answer.reason,
    }

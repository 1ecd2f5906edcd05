"""`/api/v1/verdict-boards/<release>/`: what the teams say of a release on each hardware revision."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.kit.api.views import BaseViewSet
from frontline_feedback.keys import key_of
from releases.models import Release
from rnd.loop.board import OUTCOMES, Row, board


class BoardVerdictSerializer(serializers.Serializer[Any]):
    """One outcome, and the tickets that stand in it."""

    outcome = serializers.ChoiceField(choices=OUTCOMES, help_text="none: the team runs the fix and has not answered.")
    count = serializers.IntegerField()
    tickets = serializers.ListField(child=serializers.CharField())


class BoardRowSerializer(serializers.Serializer[Row]):
    """One hardware revision (null: nobody said which)."""

    platform = serializers.CharField(allow_null=True)
    hardware = serializers.CharField(allow_null=True)
    fixed_percent = serializers.IntegerField(allow_null=True, help_text="Of those that could judge.")
    verdicts = BoardVerdictSerializer(many=True)


class VerdictBoardSerializer(serializers.Serializer[Any]):
    """What the teams say of one release."""

    component = serializers.CharField()
    version = serializers.CharField()
    rows = BoardRowSerializer(many=True)


class VerdictBoardViewSet(BaseViewSet[Release]):
    """Verdicts by release and hardware revision, of the tickets that the caller may see."""

    area = "feedback"  # this room has no verbs of its own: whoever may read tickets may ask
    lookup_value_regex = "[0-9]{1,18}"
    serializer_class = VerdictBoardSerializer
    queryset = Release.objects.none()

    def get_queryset(self) -> QuerySet[Release]:
        """Give the visible releases."""
        return Release.objects.visible_to(self.actor).select_related("component")

    @extend_schema(responses=VerdictBoardSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Give the board of the release."""
        release = self.get_object()
        rows = [_row(row) for row in board(self.actor, release=release)]
        answer = {"component": release.component.slug, "version": release.version, "rows": rows}
        return Response(self.get_serializer(answer).data)


def _row(row: Row) -> dict[str, Any]:
    return {
        "platform": row.hardware.platform.slug if row.hardware else None,
        "hardware": row.hardware.name if row.hardware else None,
        "fixed_percent": row.fixed_share,
        "verdicts": [
            {"outcome": outcome, "count": len(tickets), "tickets": [key_of(pk) for pk in sorted(tickets)]}
            for outcome, tickets in row.tickets.items()
        ],
    }

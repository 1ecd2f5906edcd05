"""`/api/v1/comparisons/`: two releases side by side."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.kit.api.views import BaseViewSet
from releases import wire
from releases.models import Release
from rnd.loop.comparison import Comparison, Side, compare


class SideSerializer(serializers.Serializer[Any]):
    """What one release has and the other has not.

    Of the commits the newest 200; `commits_count` counts all, and /api/v1/commits/?release=…&not_in=… pages them.
    """

    release = serializers.CharField(source="release.version")
    commits_count = serializers.IntegerField()
    commits = serializers.SerializerMethodField()
    tasks = serializers.SerializerMethodField()
    tickets = serializers.SerializerMethodField()

    def get_commits(self, side: Side) -> list[str]:
        """Give the hashes, newest first."""
        return [commit.sha for commit in side.commits]

    def get_tasks(self, side: Side) -> list[str]:
        """Give the keys of the tasks with such a commit."""
        return [task.key for task in side.tasks]

    def get_tickets(self, side: Side) -> list[str]:
        """Give the keys of the tickets whose whole fix is in this release and not in the other."""
        return [ticket.key for ticket in side.tickets]


class ComparisonSerializer(serializers.Serializer[Comparison]):
    """Two releases of one component. `relation` is how the first stands to the second in git's history."""

    component = serializers.CharField(source="one.release.component.slug")
    relation = serializers.ChoiceField(choices=["same", "before", "after", "parted"])
    one = SideSerializer()
    other = SideSerializer()


class ComparisonViewSet(BaseViewSet[Release]):
    """Compares releases, also such that neither descends from the other."""

    area = "releases"
    lookup_value_regex = "[0-9]{1,18}"
    serializer_class = ComparisonSerializer  # type: ignore[assignment]  # of two of them
    queryset = Release.objects.none()

    def get_queryset(self) -> QuerySet[Release]:
        """Give the visible releases."""
        return Release.objects.visible_to(self.actor).select_related("component")

    @extend_schema(responses=ComparisonSerializer)
    @action(detail=True, methods=["get"], url_path="(?P<other>[0-9]{1,18})", url_name="with")
    def compare(self, request: Request, pk: str, other: str) -> Response:
        """Give what only one of two releases has: commits, tasks, and tickets whose whole fix it holds."""
        one = self.get_object()
        against = wire.named(self.get_queryset(), field="other", value=other, pk=int(other))
        return Response(self.get_serializer(compare(self.actor, one, against)).data)

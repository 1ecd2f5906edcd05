"""`/api/v1/suspect-links/`: links between tasks and commits that somebody has to look at again."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers

from foundation.kit.api.views import ReadViewSet
from rnd.engineering import queries
from rnd.engineering.models import TaskCommit


class SuspectLinkSerializer(serializers.ModelSerializer[TaskCommit]):
    """A link in doubt: since `suspect_at`, for the reason `suspect`; `reason` says it in the caller's language.

    Decide with `POST tasks/<task>/commits/confirm/` or `…/commits/unlink/`, both with the `sha`.
    """

    task = serializers.CharField(source="task.key", read_only=True)
    component = serializers.CharField(source="task.component.slug", read_only=True)
    repository = serializers.CharField(source="commit.repository.slug", read_only=True)
    sha = serializers.CharField(source="commit.sha", read_only=True)
    subject = serializers.CharField(source="commit.subject", read_only=True)
    # Never empty here, unlike the column.
    suspect = serializers.ChoiceField(choices=TaskCommit.Suspect.choices, read_only=True)
    reason = serializers.CharField(source="get_suspect_display", read_only=True)

    class Meta:
        model = TaskCommit
        fields = (
            "id", "task", "component", "repository", "sha", "subject", "strength", "linked_at", "suspect", "reason",
            "suspect_at",
        )  # fmt: skip
        read_only_fields = fields


@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("component", OpenApiTypes.STR, description="Slug of the tasks' component."),
            OpenApiParameter("task", OpenApiTypes.STR, description="Key of a task."),
        ]
    )
)
class SuspectLinkViewSet(ReadViewSet[TaskCommit]):
    """Links in doubt: their commit was dropped or taken back, or their task was taken up again."""

    serializer_class = SuspectLinkSerializer
    lookup_value_regex = "[0-9]{1,18}"
    queryset = TaskCommit.objects.none()
    query_names: ClassVar[frozenset[str]] = frozenset({"component", "task"})

    def get_queryset(self) -> QuerySet[TaskCommit]:
        """Give the links in doubt of the visible tasks."""
        asked: Any = self.request.query_params if self.action == "list" else {}
        return queries.suspect_links(self.actor, component=asked.get("component", ""), task=asked.get("task", ""))

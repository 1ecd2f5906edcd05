"""`/api/v1/adoption/<component>/`: which versions of a component run over time, and what each team runs now."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.catalogue.models import Component
from foundation.kit.api.views import BaseViewSet
from releases.models import Installation
from releases.rollouts.adoption_queries import WEEKS, Adoption, adoption
from releases.wire import check_choice


class AdoptedVersionSerializer(serializers.Serializer[Any]):
    """One version (null: all the older ones together): at how many places it ran at each of the moments."""

    version = serializers.CharField(allow_null=True)
    state = serializers.CharField(allow_null=True)
    counts = serializers.ListField(child=serializers.IntegerField())


class RunningSerializer(serializers.ModelSerializer[Installation]):
    """What a team runs on a hardware revision now."""

    team = serializers.CharField(source="team.slug", read_only=True)
    platform = serializers.CharField(source="hardware.platform.slug", read_only=True)
    hardware = serializers.CharField(source="hardware.name", read_only=True)
    version = serializers.CharField(source="release.version", read_only=True)
    state = serializers.CharField(source="release.state", read_only=True)

    class Meta:
        model = Installation
        fields = ("team", "platform", "hardware", "version", "state", "installed_at")
        read_only_fields = fields


class AdoptionSerializer(serializers.Serializer[Adoption]):
    """A place is a team on a hardware revision; it runs what was installed there last."""

    component = serializers.CharField()
    moments = serializers.ListField(child=serializers.DateTimeField(), help_text="The ends of the weeks up to now.")
    versions = AdoptedVersionSerializer(many=True)
    running = RunningSerializer(many=True)


class AdoptionViewSet(BaseViewSet[Component]):
    """Adoption by version and team over time."""

    area = "releases"
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]+"
    serializer_class = AdoptionSerializer  # type: ignore[assignment]  # of a component
    queryset = Component.objects.none()
    query_names: ClassVar[frozenset[str]] = frozenset({"weeks"})

    def get_queryset(self) -> QuerySet[Component]:
        """Give the visible components."""
        return Component.objects.visible_to(self.actor)

    @extend_schema(parameters=[OpenApiParameter("weeks", OpenApiTypes.STR, enum=list(WEEKS))])
    def retrieve(self, request: Request, slug: str) -> Response:
        """Give the component's versions at the end of each week, and what each team runs now."""
        self.actor.require("adoption.see")
        weeks = request.query_params.get("weeks", "")
        check_choice("weeks", weeks, list(WEEKS))
        found = adoption(self.actor, self.get_object(), weeks=WEEKS.get(weeks, 26))
        versions = [
            {
                "version": version.release.version if version.release else None,
                "state": version.release.state if version.release else None,
                "counts": version.counts,
            }
            for version in found.versions
        ]
        answer = {
            "component": found.component.slug,
            "moments": found.moments,
            "versions": versions,
            "running": found.running,
        }
        return Response(self.get_serializer(answer).data)

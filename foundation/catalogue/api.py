"""`/api/v1/programmes/`, `platforms/`, `components/`, `hardware/`: the catalogue of one's programmes, to read."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers

from foundation.catalogue import queries
from foundation.catalogue.models import Component, HardwareRevision, Platform, Programme
from foundation.kit.api.views import ReadViewSet

SLUG = "[-a-zA-Z0-9_]+"
BY_PROGRAMME = extend_schema(
    parameters=[OpenApiParameter("programme", OpenApiTypes.STR, description="Slug of a programme.")]
)
BY_PLATFORM = extend_schema(
    parameters=[OpenApiParameter("platform", OpenApiTypes.STR, description="Slug of a platform.")]
)


class ProgrammeSerializer(serializers.ModelSerializer[Programme]):
    """A programme as the API gives it."""

    teams: Any = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)

    class Meta:
        model = Programme
        fields = ("slug", "name", "time_zone", "teams")


class PlatformSerializer(serializers.ModelSerializer[Platform]):
    """A platform as the API gives it."""

    programme: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    hardware: Any = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)

    class Meta:
        model = Platform
        fields = ("slug", "name", "programme", "hardware")


class ComponentSerializer(serializers.ModelSerializer[Component]):
    """A component as the API gives it."""

    programme: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Component
        fields = ("slug", "name", "programme")


class HardwareSerializer(serializers.ModelSerializer[HardwareRevision]):
    """A hardware revision as the API gives it."""

    platform: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = HardwareRevision
        fields = ("id", "name", "platform")


class ProgrammeViewSet(ReadViewSet[Programme]):
    """Programmes."""

    serializer_class = ProgrammeSerializer
    lookup_field = "slug"
    lookup_value_regex = SLUG
    queryset = Programme.objects.none()

    def get_queryset(self) -> QuerySet[Programme]:
        """Give the visible programmes."""
        return queries.programmes(actor=self.actor)


@extend_schema_view(list=BY_PROGRAMME)
class PlatformViewSet(ReadViewSet[Platform]):
    """Platforms, with the names of their hardware revisions."""

    serializer_class = PlatformSerializer
    lookup_field = "slug"
    lookup_value_regex = SLUG
    queryset = Platform.objects.none()
    query_names: ClassVar[frozenset[str]] = frozenset({"programme"})

    def get_queryset(self) -> QuerySet[Platform]:
        """Give the visible platforms; in the list, of one programme where it is named."""
        slug = self.request.query_params.get("programme") if self.action == "list" else None
        rows = queries.platforms(actor=self.actor)
        return rows if slug is None else rows.filter(programme__slug=text(slug))


@extend_schema_view(list=BY_PROGRAMME)
class ComponentViewSet(ReadViewSet[Component]):
    """Components: one firmware product each."""

    serializer_class = ComponentSerializer
    lookup_field = "slug"
    lookup_value_regex = SLUG
    queryset = Component.objects.none()
    query_names: ClassVar[frozenset[str]] = frozenset({"programme"})

    def get_queryset(self) -> QuerySet[Component]:
        """Give the visible components; in the list, of one programme where it is named."""
        slug = self.request.query_params.get("programme") if self.action == "list" else None
        rows = queries.components(actor=self.actor)
        return rows if slug is None else rows.filter(programme__slug=text(slug))


@extend_schema_view(list=BY_PLATFORM)
class HardwareViewSet(ReadViewSet[HardwareRevision]):
    """Hardware revisions of platforms."""

    serializer_class = HardwareSerializer
    lookup_value_regex = r"[0-9]{1,18}"
    queryset = HardwareRevision.objects.none()
    query_names: ClassVar[frozenset[str]] = frozenset({"platform"})

    def get_queryset(self) -> QuerySet[HardwareRevision]:
        """Give the visible revisions; in the list, of one platform where it is named."""
        slug = self.request.query_params.get("platform") if self.action == "list" else None
        rows = queries.hardware(actor=self.actor)
        return rows if slug is None else rows.filter(platform__slug=text(slug))


def text(value: str) -> str:
    """Give the value without NUL, which PostgreSQL cannot even be asked for."""
    return value.replace("\x00", "\N{REPLACEMENT CHARACTER}")

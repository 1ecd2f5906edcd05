"""`/api/v1/cycles/service-levels/` and `baselines/`: what programmes promise and compare themselves with."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from django.db.models import Model, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.catalogue.models import Programme
from foundation.kit.api.serializers import InputSerializer
from foundation.kit.api.views import ActionViewSet
from frontline_feedback.models import Severity
from releases.wire import asked, named
from rnd.cycles.actions import set_baseline, set_service_level
from rnd.cycles.actions.set_service_level import LONGEST
from rnd.cycles.models import Baseline, ServiceLevel

M = TypeVar("M", bound=Model)


class ServiceLevelSerializer(serializers.ModelSerializer[ServiceLevel]):
    """A promise; the newest of a programme and severity holds. Without days, nothing is promised."""

    programme = serializers.CharField(source="programme.slug", read_only=True)
    set_by = serializers.CharField(source="set_by.username", read_only=True, allow_null=True, default=None)

    class Meta:
        model = ServiceLevel
        fields = ("id", "programme", "severity", "percent", "days", "set_by", "set_at")
        read_only_fields = fields


class ServiceLevelInput(InputSerializer):
    """`days` null takes the promise back."""

    programme = serializers.SlugField(max_length=60)
    severity = serializers.ChoiceField(choices=Severity.choices)
    percent = serializers.IntegerField(min_value=1, max_value=99, default=85)
    days = serializers.IntegerField(min_value=1, max_value=LONGEST, allow_null=True)


class BaselineSerializer(serializers.ModelSerializer[Baseline]):
    """A period to compare with; the newest of a programme holds. With a source, of that imported history."""

    programme = serializers.CharField(source="programme.slug", read_only=True)
    set_by = serializers.CharField(source="set_by.username", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Baseline
        fields = ("id", "programme", "first", "last", "source", "set_by", "set_at")
        read_only_fields = fields


class BaselineInput(InputSerializer):
    """Both days are included."""

    programme = serializers.SlugField(max_length=60)
    first = serializers.DateField()
    last = serializers.DateField()
    source = serializers.CharField(  # type: ignore[assignment]  # its metaclass takes the field out of the way
        max_length=60, required=False, allow_blank=True, default=""
    )


BY_PROGRAMME = extend_schema(
    parameters=[OpenApiParameter("programme", OpenApiTypes.STR, description="Slug of a programme.")]
)
NUMBER = "[0-9]{1,18}"


@extend_schema_view(list=BY_PROGRAMME)
class ServiceLevelViewSet(ActionViewSet[ServiceLevel]):
    """Every service level that was ever set, the newest first."""

    serializer_class = ServiceLevelSerializer
    lookup_value_regex = NUMBER
    ordering = "-pk"
    queryset = ServiceLevel.objects.none()
    query_names: ClassVar[frozenset[str]] = frozenset({"programme"})

    def get_queryset(self) -> QuerySet[ServiceLevel]:
        """Give those of the programmes that the actor may see."""
        self.actor.require("report.see")
        found = ServiceLevel.objects.filter(programme__in=Programme.objects.visible_to(self.actor))
        return _of_programme(found.select_related("programme", "set_by"), self)

    @extend_schema(request=ServiceLevelInput, responses={201: ServiceLevelSerializer})
    def create(self, request: Request) -> Response:
        """Promise from now on; what was promised before stays on record."""
        self.actor.require("service_level.set")
        values = self.parsed(ServiceLevelInput)
        level = set_service_level(actor=self.actor, **{**values, "programme": _programme(self, values)})
        return self.created(level, location=f"/api/v1/cycles/service-levels/{level.pk}/")


@extend_schema_view(list=BY_PROGRAMME)
class BaselineViewSet(ActionViewSet[Baseline]):
    """Every baseline that was ever set, the newest first."""

    serializer_class = BaselineSerializer
    lookup_value_regex = NUMBER
    ordering = "-pk"
    queryset = Baseline.objects.none()
    query_names: ClassVar[frozenset[str]] = frozenset({"programme"})

    def get_queryset(self) -> QuerySet[Baseline]:
        """Give those of the programmes that the actor may see."""
        self.actor.require("report.see")
        found = Baseline.objects.filter(programme__in=Programme.objects.visible_to(self.actor))
        return _of_programme(found.select_related("programme", "set_by"), self)

    @extend_schema(request=BaselineInput, responses={201: BaselineSerializer})
    def create(self, request: Request) -> Response:
        """Compare with this period from now on; the earlier baselines stay on record."""
        self.actor.require("baseline.set")
        values = self.parsed(BaselineInput)
        baseline = set_baseline(actor=self.actor, **{**values, "programme": _programme(self, values)})
        return self.created(baseline, location=f"/api/v1/cycles/baselines/{baseline.pk}/")


def _of_programme(found: QuerySet[M], view: ActionViewSet[M]) -> QuerySet[M]:
    return found.filter(**asked(view.request, {"programme": "programme__slug"})) if view.action == "list" else found


def _programme(view: ActionViewSet[Any], values: dict[str, Any]) -> Programme:
    slug = values["programme"]
    return named(Programme.objects.visible_to(view.actor), field="programme", value=slug, slug=slug)

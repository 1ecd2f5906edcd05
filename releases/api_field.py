"""`/api/v1/` of what runs where: installations, and which channel a team receives."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.accounts.models import Team
from foundation.catalogue.models import Component, HardwareRevision
from foundation.kit.api.views import ActionViewSet
from releases import queries, wire
from releases.actions.report_installation import report_installation
from releases.actions.subscribe_team import subscribe_team
from releases.models import Installation, Release, Subscription

_STRING = OpenApiTypes.STR


@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("team", _STRING, description="Slug of a team."),
            OpenApiParameter("component", _STRING, description="Slug of a component."),
            OpenApiParameter("release", _STRING, description="A version."),
        ]
    )
)
class InstallationViewSet(ActionViewSet[Installation]):
    """What teams run, the latest reported first."""

    serializer_class = wire.InstallationSerializer
    lookup_value_regex = "[0-9]{1,18}"
    queryset = Installation.objects.none()
    query_names: ClassVar[frozenset[str]] = frozenset({"team", "component", "release"})

    def get_queryset(self) -> QuerySet[Installation]:
        """Give the visible installations; in the list, those that the query string asks for."""
        found = queries.installed_by(self.actor)
        if self.action != "list":
            return found
        names = {"team": "team__slug", "component": "release__component__slug", "release": "release__version"}
        return found.filter(**wire.asked(self.request, names))

    @extend_schema(request=wire.InstallationInput, responses={201: wire.InstallationSerializer})
    def create(self, request: Request) -> Response:
        """Report that a team runs a release; the same `client_uuid` with the same content is one installation."""
        self.actor.require("installation.report")
        values = self.parsed(wire.InstallationInput)
        found = report_installation(
            actor=self.actor,
            release=wire.named(
                Release.objects.visible_to(self.actor).filter(component__slug=values["component"]),
                field="release",
                value=values["release"],
                version=values["release"],
            ),
            team=wire.named(
                Team.objects.visible_to(self.actor), field="team", value=values["team"], slug=values["team"]
            ),
            hardware=self._hardware(values["component"], values["hardware"], values.get("platform", "")),
            installed_at=values.get("installed_at"),
            client_uuid=values.get("client_uuid"),
        )
        return self.created(self.get_queryset().get(pk=found.pk), location=f"/api/v1/installations/{found.pk}/")

    def _hardware(self, component: str, name: str, platform: str) -> HardwareRevision:
        revisions = HardwareRevision.objects.visible_to(self.actor).filter(
            platform__programme__components__slug=component
        )
        if platform:
            revisions = revisions.filter(platform__slug=platform)
        revision: HardwareRevision = wire.named(
            revisions.select_related("platform"), field="hardware", value=name, name=name
        )
        return revision


@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("team", _STRING, description="Slug of a team."),
            OpenApiParameter("component", _STRING, description="Slug of a component."),
        ]
    )
)
class SubscriptionViewSet(ActionViewSet[Subscription]):
    """Which team receives which channel of which component."""

    serializer_class = wire.SubscriptionSerializer
    lookup_value_regex = "[0-9]{1,18}"
    queryset = Subscription.objects.none()
    query_names: ClassVar[frozenset[str]] = frozenset({"team", "component"})

    def get_queryset(self) -> QuerySet[Subscription]:
        """Give the visible subscriptions; in the list, those that the query string asks for."""
        found = Subscription.objects.visible_to(self.actor).select_related("team", "component")
        if self.action != "list":
            return found
        names = {"team": "team__slug", "component": "component__slug"}
        return found.filter(**wire.asked(self.request, names))

    @extend_schema(
        request=wire.SubscriptionInput,
        responses={
            200: wire.SubscriptionSerializer,
            204: OpenApiResponse(description="The team receives nothing of the component any more."),
        },
    )
    def create(self, request: Request) -> Response:
        """Set the channel of a component that a team receives from now on; null ends it."""
        self.actor.require("subscription.set")
        values = self.parsed(wire.SubscriptionInput)
        found = subscribe_team(
            actor=self.actor,
            team=wire.named(
                Team.objects.visible_to(self.actor), field="team", value=values["team"], slug=values["team"]
            ),
            component=wire.named(
                Component.objects.visible_to(self.actor),
                field="component",
                value=values["component"],
                slug=values["component"],
            ),
            channel=values["channel"],
        )
        return Response(status=204) if found is None else self.answer(found)

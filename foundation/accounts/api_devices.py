"""`/api/v1/devices/`: devices of field teams, codes for new ones, and the door by which one comes in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.accounts import queries_devices
from foundation.accounts.actions.add_enrolment_code import LONGEST, USUAL, add_enrolment_code
from foundation.accounts.actions.enrol_device import enrol_device
from foundation.accounts.actions.revoke_device import revoke_device
from foundation.accounts.actors import Actor
from foundation.accounts.models import Device, Team
from foundation.accounts.reach import require_person
from foundation.kit.api.schema import KEYLESS, verb
from foundation.kit.api.serializers import InputSerializer
from foundation.kit.api.views import ActionViewSet
from foundation.kit.errors import Invalid, NotFound

_MINUTE = timedelta(minutes=1)


class DeviceSerializer(serializers.ModelSerializer[Device]):
    """A device of a field team; `last_seen_at` is kept to the hour."""

    team = serializers.CharField(source="team.slug", read_only=True)
    revoked_by = serializers.CharField(source="revoked_by.username", read_only=True, allow_null=True)

    class Meta:
        model = Device
        fields = (
            "id", "team", "name", "language", "enrolled_at", "last_seen_at", "revoked_at", "revoked_by",
            "revoked_reason",
        )  # fmt: skip
        read_only_fields = fields


class CodeInput(InputSerializer):
    """`name`: what the device will be called; `minutes`: how long the code is valid, a day at most."""

    team = serializers.SlugField(max_length=60)
    name = serializers.CharField(max_length=80)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
    minutes = serializers.IntegerField(min_value=1, max_value=LONGEST // _MINUTE, default=USUAL // _MINUTE)


class CodeSerializer(serializers.Serializer[Any]):
    """A one-time code: `code` is in this one answer and nowhere else."""

    team = serializers.CharField()
    name = serializers.CharField()
    code = serializers.CharField()
    expires_at = serializers.DateTimeField()


class EnrolInput(InputSerializer):
    """The code as it was handed over; case, spaces and hyphens do not matter."""

    code = serializers.CharField(max_length=40)


class EnrolledSerializer(serializers.Serializer[Any]):
    """The new device, and its bearer `token`, which is in this one answer and nowhere else."""

    token = serializers.CharField()
    device = DeviceSerializer()


class RevokeInput(InputSerializer):
    """`reason`: lost, replaced, handed on."""

    reason = serializers.CharField(max_length=2000)


def _team(actor: Actor, slug: str) -> Team:
    """Give the team that the body names; what one may not see is no more known than what is not there."""
    try:
        return queries_devices.team_with_devices(actor, slug)
    except NotFound as unknown:
        raise Invalid(unknown.code, unknown.message, field="team") from unknown


@extend_schema_view(
    list=extend_schema(parameters=[OpenApiParameter("team", OpenApiTypes.STR, description="Slug of a field team.")])
)
class DeviceViewSet(ActionViewSet[Device]):
    """Devices of the field teams that one looks after, the latest first."""

    serializer_class = DeviceSerializer
    lookup_value_regex = "[0-9]{1,18}"
    queryset = Device.objects.none()
    query_names: ClassVar[frozenset[str]] = frozenset({"team"})

    def get_queryset(self) -> QuerySet[Device]:
        """Give the visible devices; in the list, those of the team that is asked for."""
        require_person(self.actor, "device.see")
        found = queries_devices.devices(self.actor)
        team = self.request.query_params.get("team", "") if self.action == "list" else ""
        return found.filter(team__slug=team) if team else found

    @extend_schema(request=CodeInput, responses={201: CodeSerializer}, extensions=KEYLESS)
    @action(detail=False, methods=["post"])
    def codes(self, request: Request) -> Response:
        """Make a one-time code by which one device is enrolled for a team. (An Idempotency-Key is not heeded.)"""
        require_person(self.actor, "device.add_code")
        values = self.parsed(CodeInput)
        team = _team(self.actor, values["team"])
        made = add_enrolment_code(
            actor=self.actor,
            team=team,
            name=values["name"],
            language=values.get("language", ""),
            valid_for=values["minutes"] * _MINUTE,
        )
        code = made.code
        answer = {"team": team.slug, "name": code.name, "code": made.plaintext, "expires_at": code.expires_at}
        return Response(CodeSerializer(answer).data, status=201)

    @extend_schema(request=EnrolInput, responses={201: EnrolledSerializer}, auth=[], extensions=KEYLESS)
    @action(detail=False, methods=["post"], authentication_classes=(), permission_classes=(AllowAny,))
    def enrol(self, request: Request) -> Response:
        """Become a device of the team that handed over the code: gives a token that acts as the team's reporter."""
        address = get_adapter().get_client_ip(request._request)  # noqa: SLF001 -- Django's own, which allauth reads
        enrolled = enrol_device(code=self.parsed(EnrolInput)["code"], address=address)
        return Response(EnrolledSerializer({"token": enrolled.secret, "device": enrolled.device}).data, status=201)

    @verb(RevokeInput, gives=DeviceSerializer)
    def revoke(self, request: Request, pk: str) -> Response:
        """Let the device act for its team no longer, from its next request on."""
        revoke_device(actor=self.actor, device=self.get_object(), **self.parsed(RevokeInput))
        return self.answer()

    def _guarded(self, handler: Callable[..., Response], request: Request, *args: Any, **kwargs: Any) -> Any:
        # What is secret in an answer is not kept to be given again.
        if self.action in ("codes", "enrol"):
            return handler(request, *args, **kwargs)
        return super()._guarded(handler, request, *args, **kwargs)

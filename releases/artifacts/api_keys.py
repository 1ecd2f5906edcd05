"""`/api/v1/signing-keys/`: public keys, registered by one and confirmed by another."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.accounts.models import User
from foundation.catalogue.models import Component
from foundation.kit.api.schema import verb
from foundation.kit.api.views import ActionViewSet
from releases import wire as core
from releases.artifacts import queries, wire
from releases.artifacts.actions.confirm_key import confirm_key
from releases.artifacts.actions.register_key import register_key
from releases.artifacts.actions.revoke_key import revoke_key
from releases.artifacts.models import SigningKey


@extend_schema_view(
    list=extend_schema(parameters=[OpenApiParameter("component", OpenApiTypes.STR, description="Slug of a component.")])
)
class SigningKeyViewSet(ActionViewSet[SigningKey]):
    """Public minisign keys."""

    serializer_class = wire.SigningKeySerializer
    lookup_value_regex = "[0-9]{1,18}"
    queryset = SigningKey.objects.none()
    query_names: ClassVar[frozenset[str]] = frozenset({"component"})

    def get_queryset(self) -> QuerySet[SigningKey]:
        """Give the visible keys."""
        found = queries.keys_of(self.actor)
        if self.action != "list":
            return found
        return found.filter(**core.asked(self.request, {"component": "component__slug"}))

    @extend_schema(request=wire.KeyInput, responses={201: wire.SigningKeySerializer})
    def create(self, request: Request) -> Response:
        """Register the public half of a key; it counts once somebody else has confirmed it."""
        self.actor.require("key.register")
        values: dict[str, Any] = self.parsed(wire.KeyInput)
        slug, username = values.pop("component"), values.pop("holder")
        component = core.named(Component.objects.visible_to(self.actor), field="component", value=slug, slug=slug)
        people = User.objects.visible_to(self.actor)
        holder = core.named(people, field="holder", value=username, username=username)
        found = register_key(actor=self.actor, component=component, holder=holder, **values)
        return self.created(found, location=f"/api/v1/signing-keys/{found.pk}/")

    @verb(None, gives=wire.SigningKeySerializer)
    def confirm(self, request: Request, pk: str) -> Response:
        """Confirm, as somebody else than who registered it and whose it is, that the key is its holder's."""
        confirm_key(actor=self.actor, key=self.get_object())
        return self.answer()

    @verb(wire.WhyInput, gives=wire.SigningKeySerializer)
    def revoke(self, request: Request, pk: str) -> Response:
        """Let the key count no longer, not even for what it signed before."""
        revoke_key(actor=self.actor, key=self.get_object(), **self.parsed(wire.WhyInput))
        return self.answer()

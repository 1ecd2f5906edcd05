"""How drf-spectacular reads the serializers, where it would say less than the API answers."""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from foundation.kit.api.serializers import InputSerializer


class Schema(AutoSchema):
    """Says that bodies have no other fields, and of a read-only choice that it may be empty, where the model's may."""

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        schema = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]  # as drf-spectacular has it
        if isinstance(serializer, InputSerializer):
            schema["additionalProperties"] = False
        return schema

    def _map_serializer_field(self, field: Any, direction: Any, bypass_extensions: Any = False) -> Any:  # noqa: FBT002  # as there
        # REST framework takes `allow_blank` from read-only fields: it only tells what may be written.
        if isinstance(field, serializers.ChoiceField) and field.read_only and _may_be_blank(field):
            field.allow_blank = True
        return super()._map_serializer_field(field, direction, bypass_extensions)  # type: ignore[no-untyped-call]  # as above


def _may_be_blank(field: Any) -> bool:
    if not isinstance(field.parent, serializers.ModelSerializer):
        return False
    model: Any = field.parent.Meta.model
    try:
        return bool(getattr(model._meta.get_field(str(field.source)), "blank", False))
    except FieldDoesNotExist:
        return False

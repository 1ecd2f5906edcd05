"""The base of every request body: it refuses unknown names and guesses no types, so that no slip is swallowed."""

from collections.abc import Mapping
from typing import Any, Final, cast

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

# REST framework would take "5" for 5, 1 for true and 5 for "5". JSON knows the difference.
_JSON_TYPES: Final[tuple[tuple[type[serializers.Field[Any, Any, Any, Any]], type | tuple[type, ...]], ...]] = (
    (serializers.BooleanField, bool),
    (serializers.IntegerField, int),
    (serializers.FloatField, (int, float)),
    (serializers.CharField, str),
    (serializers.UUIDField, str),
    (serializers.DateTimeField, str),
    (serializers.DateField, str),
    (serializers.ChoiceField, str),
    (serializers.PrimaryKeyRelatedField, int),
    (serializers.SlugRelatedField, str),
)


class InputSerializer(serializers.Serializer[Any]):
    """A JSON request body. Subclasses declare fields only; the actions check the meaning."""

    def to_internal_value(self, data: Any) -> Any:
        """Give the validated values; raises ValidationError for unknown names and for values of another type."""
        # Not a form's QueryDict, where every value is a string.
        wrong = self._wrong(data) if type(data) is dict else {}
        if not wrong:
            return super().to_internal_value(data)
        try:
            super().to_internal_value({name: value for name, value in data.items() if name not in wrong})
        except ValidationError as error:  # everything at once, so that nobody mends one slip after the other
            raise ValidationError({**cast(dict[str, Any], error.detail), **wrong}) from error
        raise ValidationError(wrong)

    def _wrong(self, data: Mapping[str, Any]) -> dict[str, list[ErrorDetail]]:
        wrong: dict[str, list[ErrorDetail]] = {}
        for name in data.keys() - self.fields.keys():
            wrong[str(name)] = [ErrorDetail(_("There is no such field."), code="unknown_field")]
        for name, field in self.fields.items():
            if name in data and not _has_type_of(field, data[name]):
                wrong[name] = [
                    ErrorDetail(
                        _("“%(value)s” is of the wrong type for this field.") % {"value": str(data[name])[:60]},
                        code="wrong_type",
                    )
                ]
        return wrong


def _has_type_of(field: Any, value: Any) -> bool:
    if value is None or (isinstance(field, serializers.ChoiceField) and value == "" and field.allow_blank):
        return True
    # In JSON 4.0 is an integer as well as 4 (JSON Schema, validation 6.1.1).
    if isinstance(field, serializers.IntegerField) and isinstance(value, float):
        return value.is_integer()
    for kind, types in _JSON_TYPES:
        if isinstance(field, kind) and not isinstance(field, serializers.MultipleChoiceField):
            return isinstance(value, types) and (types is bool or not isinstance(value, bool))
    return True

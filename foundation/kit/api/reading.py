"""What the API gives: fields declared as REST framework has them, read without its work for each field of each row.

A page of fifty tickets has more than a thousand fields. REST framework copies the fields for each request, and asks
each for its attribute, its source and its representation; here that is settled once a class.
"""

from collections.abc import Callable
from functools import cache, partial
from typing import Any, ClassVar, Final, TypeVar

from django.db.models import Model
from django.utils.timezone import get_current_timezone
from rest_framework import serializers

M = TypeVar("M", bound=Model)
# Gives the value of a column, named as in `.values()`: "team__slug".
Pick = Callable[[str], Any]


class ReadField(serializers.Field[Any, Any, Any, Any]):
    """A field that is made of the columns it `reads`, in this order."""

    reads: ClassVar[tuple[str, ...]]

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "read_only": True})

    def make(self, *values: Any) -> Any:
        """Give what stands on the wire for the values of the columns."""
        raise NotImplementedError

    def get_attribute(self, instance: Any) -> Any:
        """Give the values (as a plain serializer asks for them)."""
        return [_walk(instance, column) for column in self.reads]

    def to_representation(self, value: Any) -> Any:
        """Give what stands on the wire (as a plain serializer asks for it)."""
        return self.make(*value)


class ReadSerializer(serializers.ModelSerializer[M]):
    """A ModelSerializer that only reads: model instances, or the rows of `.values(*columns())`.

    Beside REST framework's fields it knows `ReadField`; a SerializerMethodField it refuses, since nobody could
    tell which columns that reads.
    """

    @classmethod
    def columns(cls) -> frozenset[str]:
        """Give the columns that a row has to have."""
        return frozenset(column for _name, columns, _read in _plan(cls) for column in columns)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Give the fields of an instance or a row."""
        pick: Pick = instance.__getitem__ if isinstance(instance, dict) else partial(_walk, instance)
        return {name: read(pick) for name, _columns, read in _plan(type(self))}


@cache
def _plan(serializer: type[ReadSerializer[Any]]) -> tuple[tuple[str, tuple[str, ...], Callable[[Pick], Any]], ...]:
    """Give of each field its name, the columns it reads, and what reads it."""
    return tuple((name, *_reader(field)) for name, field in serializer().fields.items())


def _reader(field: Any) -> tuple[tuple[str, ...], Callable[[Pick], Any]]:
    if isinstance(field, ReadField):
        return field.reads, partial(_make, field.make, field.reads)
    if isinstance(field, serializers.SerializerMethodField):
        raise TypeError(f"{type(field.parent).__name__}.{field.field_name}: make it a ReadField.")
    column = "__".join(field.source_attrs)
    for kind, convert in _CONVERTED:
        if isinstance(field, kind):
            return (column,), partial(_convert, convert, column)
    return (column,), partial(_convert, field.to_representation, column)


def _convert(convert: Callable[[Any], Any], column: str, pick: Pick) -> Any:
    value = pick(column)
    return None if value is None else convert(value)


def _make(make: Callable[..., Any], columns: tuple[str, ...], pick: Pick) -> Any:
    return make(*(pick(column) for column in columns))


def _moment(value: Any) -> str:
    text: str = value.astimezone(get_current_timezone()).isoformat()
    return f"{text[:-6]}Z" if text.endswith("+00:00") else text


# The commonest fields, as REST framework represents them.
_CONVERTED: Final[tuple[tuple[Any, Callable[[Any], Any]], ...]] = (
    (serializers.DateTimeField, _moment),
    (serializers.CharField, str),
    (serializers.ChoiceField, str),
    (serializers.UUIDField, str),
    (serializers.IntegerField, int),
)


def _walk(thing: Any, column: str) -> Any:
    """Give the value at the end of "team__slug"; None where nothing stands on the way."""
    for name in column.split("__"):
        if thing is None:
            return None
        thing = getattr(thing, name)
    return thing

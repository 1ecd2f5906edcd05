"""Reads and writes JSON strictly: what PostgreSQL cannot hold, or JSON does not know, is refused at the door."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer


class StrictJSONParser(JSONParser):
    """JSON in UTF-8, without NaN, doubled names, NUL characters or halves of surrogate pairs."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Give the value; raises ParseError with the place where it stops being JSON."""
        try:
            text = stream.read().decode("utf-8")
            value = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_object)
            _check_strings(value)
        except (ValueError, RecursionError) as error:
            raise ParseError(_("This is not JSON that can be read: %(why)s.") % {"why": error}) from error
        return value


class PlainJSONRenderer(JSONRenderer):
    """JSON in one spelling only, so that a thing unchanged has an ETag unchanged."""

    def get_indent(self, accepted_media_type: str | None, renderer_context: Mapping[str, Any]) -> int | None:
        """Never indent, whatever the Accept header says."""
        return None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("an object has the same name twice")
    return value


def _check_strings(value: Any) -> None:
    match value:
        case str():
            value.encode()
            if "\x00" in value:
                raise ValueError("a string has a NUL character")
        case list():
            for inner in value:
                _check_strings(inner)
        case dict():
            for name, inner in value.items():
                _check_strings(name)
                _check_strings(inner)

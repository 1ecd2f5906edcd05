"""Reads the bodies of requests as they come in: never held as a whole, never parsed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, cast

from django.utils.translation import gettext as _
from rest_framework.request import Request

from foundation.kit.errors import Invalid

CHUNK: Final = 1 << 20


def length_of(request: Request) -> int:
    """Give the announced length of the body. Raises Invalid `artifact.length_missing`."""
    length = request.headers.get("Content-Length", "")
    if not length.isdigit():
        raise Invalid(
            "artifact.length_missing", _("Say with Content-Length how many bytes come (not “chunked”)."), field="file"
        )
    return int(length)


def body_of(request: Request) -> Iterator[bytes]:
    """Give the body as it comes in, in chunks of at most 1 MiB; never held as a whole, never parsed."""
    stream = cast(Any, request._request)  # noqa: SLF001 -- Django's own request is the stream
    while chunk := stream.read(CHUNK):
        yield chunk

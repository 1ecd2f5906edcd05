"""Strong ETags: a reader is spared what has not changed, a writer is kept from overwriting what has."""

import hashlib
from typing import Any, Final

from django.http import HttpResponse, HttpResponseBase
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from rest_framework.response import Response

from foundation.kit.errors import PreconditionFailed

_KEPT_ON_304: Final = ("ETag", "Cache-Control", "Content-Location", "Expires", "Vary", "Content-Language")


def etag_of(content: bytes) -> str:
    """Give the strong ETag of exactly these bytes, quoted as in the header."""
    return f'"{hashlib.blake2b(content, digest_size=16).hexdigest()}"'


def matches(header: str, etag: str, *, weak: bool) -> bool:
    """Tell whether an If-Match (strong) or If-None-Match (weak comparison) header names `etag`, or anything ("*")."""
    named = parse_etags(header)
    if weak:
        named = [name.removeprefix("W/") for name in named]
    return named == ["*"] or etag in named


def stamp(response: HttpResponseBase, if_none_match: str) -> HttpResponseBase | None:
    """Put the ETag on a rendered answer; where the reader has it already, give 304 in its place."""
    if not isinstance(response, Response) or response.status_code not in (200, 201) or not response.content:
        return None
    response["ETag"] = etag_of(response.content)
    if not (if_none_match and matches(if_none_match, response["ETag"], weak=True)):
        return None
    unchanged = HttpResponse(status=304)
    del unchanged["Content-Type"]
    for name in _KEPT_ON_304:
        if name in response:
            unchanged[name] = response[name]
    unchanged.cookies = response.cookies
    return unchanged


def check_if_match(header: str, current: str) -> None:
    """Raise PreconditionFailed unless the writer's If-Match names the thing as it is now."""
    if not matches(header, current, weak=False):
        raise PreconditionFailed(
            "http.precondition_failed",
            _("This has changed since you read it: it is now %(current)s, and If-Match named %(given)s. Read it again.")
            % {"current": current, "given": header[:120]},
        )


def is_detail(view: Any) -> bool:
    """Tell whether the address names one thing (and not a list of them)."""
    return (view.lookup_url_kwarg or view.lookup_field) in view.kwargs

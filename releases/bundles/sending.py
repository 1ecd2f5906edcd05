"""Sends a bundle out: whole, or from where a download broke off."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from foundation.kit.api.etag import matches
from releases.artifacts.actions.mark_tampered import mark_tampered
from releases.artifacts.checking import Tampered
from releases.artifacts.ranges import Unsatisfiable, range_of
from releases.bundles.actions.make_bundle import check_first, make_bundle
from releases.bundles.making import bundle_of
from releases.bundles.plan import Bundle
from releases.models import Release


def send_bundle(request: HttpRequest, actor: Actor, release: Release, team: Team | None) -> HttpResponseBase:
    """Give the bundle, the range asked for, or 304 or 416. Only a download that begins is journalled."""
    bundle = bundle_of(actor, release, team)
    etag = f'"{bundle.etag}"'
    if matches(request.headers.get("If-None-Match", ""), etag, weak=True):
        return _dressed(HttpResponse(status=304), bundle, etag)
    header, condition = request.headers.get("Range", ""), request.headers.get("If-Range")
    try:
        span = range_of(header, bundle.size) if header and condition in (None, etag) else None
    except Unsatisfiable:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{bundle.size}"
        return _dressed(response, bundle, etag)
    first, beyond = span or (0, bundle.size)
    content: Iterator[bytes] = iter(())
    if request.method != "HEAD":
        if first == 0:
            bundle = make_bundle(actor=actor, release=release, team=team)
        else:
            check_first(bundle)
        content = _sent(bundle, first, beyond)
    answer = StreamingHttpResponse(content, status=206 if span else 200, content_type="application/x-tar")
    if span:
        answer["Content-Range"] = f"bytes {first}-{beyond - 1}/{bundle.size}"
    answer["Content-Length"] = str(beyond - first)
    return _dressed(answer, bundle, etag)


def _sent(bundle: Bundle, first: int, beyond: int) -> Iterator[bytes]:
    try:
        yield from bundle.read(first, beyond)
    except Tampered as error:
        # Whichever of the files it was: each is looked at again at its next download.
        for blob in bundle.blobs:
            _mark(blob, str(error))
        raise  # the server breaks the connection off: what was sent is too short to pass for the bundle


def _mark(blob: object, why: str) -> None:
    from releases.artifacts.checking import fault_in
    from releases.artifacts.models import Blob

    assert isinstance(blob, Blob)
    if fault_in(blob):
        mark_tampered(blob=blob, why=why)


def _dressed(response: HttpResponseBase, bundle: Bundle, etag: str) -> HttpResponseBase:
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-cache"
    response["Content-Disposition"] = content_disposition_header(True, bundle.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response

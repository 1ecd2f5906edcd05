"""Gives the files of an imported bundle to the teams that receive it here, as long as its signatures hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.kit import clock
from foundation.kit.api.etag import matches
from foundation.kit.errors import Conflict, NotFound
from releases.artifacts import manifest, minisign, sums
from releases.artifacts.actions.mark_tampered import mark_tampered
from releases.artifacts.blocks import count_of
from releases.artifacts.checking import Tampered, checked_blocks, checked_bytes
from releases.artifacts.faults import Fault
from releases.artifacts.models import Blob
from releases.artifacts.ranges import Unsatisfiable, range_of
from releases.artifacts.serving import refusal
from releases.bundles.models import BundleFile, BundleSignature, ImportedBundle

Reader = Callable[[int, int], Iterator[bytes]]
_JSON: Final = frozenset({manifest.NAME, manifest.SBOM_NAME})


def counting(bundle: ImportedBundle) -> list[BundleSignature]:
    """Give the signatures that count now, verified anew."""
    now = clock.now()
    found = []
    for one in bundle.signatures.select_related("key__holder"):
        try:
            key = minisign.read_public_key(one.key.public_key)
            minisign.verify(key, minisign.read_signature(one.text), bytes(bundle.sums))
        except Fault:
            continue
        if one.key.revoked_at is None and not one.key.why_not(bundle.imported_at) and one.key.valid_from <= now:
            found.append(one)
    return found


def check_signed(bundle: ImportedBundle) -> None:
    """Refuse the files of a bundle whose signatures hold no longer. Raises Conflict `bundle.signatures`."""
    from releases.artifacts.signed import SIGNERS_NEEDED
    from releases.models import Channel

    channel = Channel(bundle.channel) if bundle.channel else Channel.LAB
    holders = {one.key.holder_id for one in counting(bundle) if not bundle.channel or channel in one.key.channels}
    if len(holders) < SIGNERS_NEEDED[channel]:
        raise Conflict(
            "bundle.signatures",
            _("The files of %(bundle)s are not given out: too few of its signatures still count.") % {"bundle": bundle},
        )


def send_file(request: HttpRequest, actor: Actor, bundle: ImportedBundle, name: str) -> HttpResponseBase:
    """Give a file of the bundle, or what stands beside it. Raises NotFound, Conflict."""
    actor.require("bundle.see", programme_id=bundle.component.programme_id)
    check_signed(bundle)
    documents = {manifest.NAME: bundle.manifest, manifest.SBOM_NAME: bundle.sbom, sums.NAME: bundle.sums}
    signatures = {f"{sums.NAME}.{one.key.key_id}.minisig": one.text for one in counting(bundle)}
    if name in documents or name in signatures:
        content = bytes(documents[name]) if name in documents else signatures[name].encode()
        kind = "application/json" if name in _JSON else "text/plain; charset=utf-8"
        return dressed(HttpResponse(content, content_type=kind), name)
    file = BundleFile.objects.filter(bundle=bundle, name=name.replace("\x00", "")).select_related("blob").first()
    if file is None:
        raise NotFound(
            "bundle.no_file", _("%(bundle)s has no file “%(name)s”.") % {"bundle": bundle, "name": name[:120]}
        )
    return ranged(
        request,
        name=file.name,
        size=file.blob.size,
        etag=file.blob.sha256,
        kind="application/octet-stream",
        reader=partial(_proven, file),
    )


def check_blob(name: str, blob: Blob) -> None:
    """Refuse bytes that are not those that came in; reads them all where that does not take long. Raises Conflict."""
    if blob.tampered_at is not None:
        raise refusal(name, blob.tampered_why)
    if blob.size > settings.ARTIFACT_CHECK_FIRST_BYTES:
        return
    try:
        for _block in checked_blocks(blob, 0, count_of(blob.size)):
            pass
    except Tampered as error:
        mark_tampered(blob=blob, why=str(error))
        raise refusal(name, str(error)) from error


def _proven(file: BundleFile, first: int, beyond: int) -> Iterator[bytes]:
    check_blob(file.name, file.blob)
    return _sent(file.blob, first, beyond)


def _sent(blob: Blob, first: int, beyond: int) -> Iterator[bytes]:
    try:
        yield from checked_bytes(blob, first, beyond)
    except Tampered as error:
        mark_tampered(blob=blob, why=str(error))
        raise  # the server breaks the connection off: what was sent is too short to pass for the file


def ranged(request: HttpRequest, *, name: str, size: int, etag: str, kind: str, reader: Reader) -> HttpResponseBase:
    """Give the whole, the range asked for, or 304 or 416. `reader` refuses before it gives the first byte."""
    tag = f'"{etag}"'
    if matches(request.headers.get("If-None-Match", ""), tag, weak=True):
        return _tagged(HttpResponse(status=304), tag)
    header, condition = request.headers.get("Range", ""), request.headers.get("If-Range")
    try:
        span = range_of(header, size) if header and condition in (None, tag) else None
    except Unsatisfiable:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{size}"
        return _tagged(response, tag)
    first, beyond = span or (0, size)
    content = iter(()) if request.method == "HEAD" else reader(first, beyond)
    answer = StreamingHttpResponse(content, status=206 if span else 200, content_type=kind)
    if span:
        answer["Content-Range"] = f"bytes {first}-{beyond - 1}/{size}"
    answer["Content-Length"] = str(beyond - first)
    return _tagged(dressed(answer, name), tag)


def _tagged(response: HttpResponseBase, tag: str) -> HttpResponseBase:
    response["ETag"] = tag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-cache"  # ask again each time: keys are revoked, releases withdrawn
    return response


def dressed(response: HttpResponseBase, name: str) -> HttpResponseBase:
    """Give the answer as a download that no browser ever shows."""
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response

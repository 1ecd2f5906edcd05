"""Sends files out: whole or in ranges, resumable, and only as what was signed.

Every byte is proven before it leaves (see `checking`). What is asked for is read through once before the first byte is
sent, so that a changed file is answered by a refusal with its reason; beyond `ARTIFACT_CHECK_FIRST_BYTES` that would
keep the caller waiting too long, and each block is proven as it is sent: a wrong one breaks the connection off before
it, so that nobody ever holds a complete file with a wrong byte in it, and the next who asks reads the reason.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.kit.api.etag import matches
from foundation.kit.errors import Conflict, Forbidden
from releases.artifacts.actions.mark_tampered import mark_tampered
from releases.artifacts.blocks import count_of
from releases.artifacts.checking import Tampered, checked_blocks, checked_bytes
from releases.artifacts.models import Artifact, Blob
from releases.artifacts.ranges import Unsatisfiable, range_of
from releases.artifacts.signed import SignedState, signed_state
from releases.models import Channel, Release
from releases.policies import STAFF
from releases.receiving import offered_to_teams


def check_may_have(actor: Actor, release: Release) -> None:
    """Refuse files that are not meant for the actor. Raises Forbidden, Conflict `release.withdrawn`.

    Staff of the programme may have every file (a lab tests what nobody has published, a withdrawn release is looked
    into); a field team has what is out on the channel that it receives.
    """
    programme = release.component.programme_id
    actor.require("artifact.download", programme_id=programme)
    if actor.is_system or programme in actor.programmes(*STAFF):
        return
    if release.state == Release.State.WITHDRAWN:
        raise Conflict(
            "release.withdrawn",
            _("%(release)s is withdrawn: %(reason)s") % {"release": release, "reason": release.withdrawn_reason},
        )
    from foundation.accounts.models import Team

    teams = Team.objects.filter(pk__in=actor.teams())
    if not offered_to_teams(teams).filter(pk=release.pk).exists():
        raise Forbidden(
            "artifact.not_received",
            _("%(release)s is not out on a channel that your team receives.") % {"release": release},
        )


def check_signed(state: SignedState) -> None:
    """Refuse the files of a release that is out, when its signatures no longer hold. Raises Conflict."""
    out = [Channel(channel) for channel in state.release.publications.values_list("channel", flat=True)]
    if not out:
        return
    furthest = max(out, key=lambda channel: channel.reach)
    tampered = {artifact.pk for artifact in state.artifacts if artifact.blob.tampered_at}
    if not tampered and (missing := state.missing(furthest, now=False)):
        raise Conflict(
            "artifact.signatures_missing",
            _("The files of %(release)s are not given out: %(missing)s")
            % {"release": state.release, "missing": " ".join(missing)},
        )


def send_document(name: str, content: bytes) -> HttpResponse:
    """Give a small file (manifest, sums, signature, bill of materials) as a download."""
    kind = "application/json" if name.endswith(".json") else "text/plain; charset=utf-8"
    return _dressed(HttpResponse(content, content_type=kind), name)


def send_artifact(request: HttpRequest, actor: Actor, artifact: Artifact) -> HttpResponseBase:
    """Give the file, or the range asked for, or 304 or 416. Raises Conflict `artifact.tampered` and as above."""
    release = artifact.release
    check_may_have(actor, release)
    check_signed(signed_state(release))
    blob = artifact.blob
    if blob.tampered_at is not None:
        raise refusal(artifact.name, blob.tampered_why)
    etag = f'"{blob.sha256}"'
    if matches(request.headers.get("If-None-Match", ""), etag, weak=True):
        return _tagged(HttpResponse(status=304), blob, etag)
    try:
        span = _span(request, blob, etag)
    except Unsatisfiable:
        response = _tagged(HttpResponse(status=416), blob, etag)
        response["Content-Range"] = f"bytes */{blob.size}"
        return response
    first, beyond = span or (0, blob.size)
    content = [] if request.method == "HEAD" else _proven(artifact, first, beyond)
    response = StreamingHttpResponse(content, status=206 if span else 200, content_type="application/octet-stream")
    if span:
        response["Content-Range"] = f"bytes {first}-{beyond - 1}/{blob.size}"
    response["Content-Length"] = str(beyond - first)
    return _tagged(_dressed(response, artifact.name), blob, etag)


def refusal(name: str, why: str) -> Conflict:
    """Give the refusal of a file that is not what came in."""
    return Conflict(
        "artifact.tampered",
        _("%(name)s is not given out: it was changed in the storage (%(why)s). A release manager has to put it right.")
        % {"name": name, "why": why},
    )


def _span(request: HttpRequest, blob: Blob, etag: str) -> tuple[int, int] | None:
    header = request.headers.get("Range", "")
    condition = request.headers.get("If-Range")
    if not header or (condition is not None and condition != etag):
        return None
    return range_of(header, blob.size)


def _proven(artifact: Artifact, first: int, beyond: int) -> Iterator[bytes]:
    """Give the bytes, checked beforehand where that does not take long. Raises Conflict before the first byte."""
    blob = artifact.blob
    try:
        if beyond - first <= settings.ARTIFACT_CHECK_FIRST_BYTES:
            from releases.artifacts.blocks import BLOCK

            for _block in checked_blocks(blob, first // BLOCK, count_of(beyond)):
                pass
        content = checked_bytes(blob, first, beyond)
        head = next(content, b"")
    except Tampered as error:
        mark_tampered(blob=blob, why=str(error))
        raise refusal(artifact.name, str(error)) from error
    return _rest(blob, head, content)


def _rest(blob: Blob, head: bytes, content: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield head
        yield from content
    except Tampered as error:
        mark_tampered(blob=blob, why=str(error))
        raise  # the server breaks the connection off: what was sent is too short to pass for the file


def _tagged(response: HttpResponseBase, blob: Blob, etag: str) -> HttpResponseBase:
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-cache"  # ask again each time: keys are revoked, releases withdrawn
    response["Digest"] = f"sha-256={_base64(blob.sha256)}"
    response["Repr-Digest"] = f"sha-256=:{_base64(blob.sha256)}:"
    return response


def _dressed(response: HttpResponse | StreamingHttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response  # type: ignore[return-value]  # either kind is an answer


def _base64(digest: str) -> str:
    import base64

    return base64.b64encode(bytes.fromhex(digest)).decode()

"""Sends a bundle out: whole, or from where a download broke off. Only a download that begins is journalled."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from releases.artifacts.actions.mark_tampered import mark_tampered
from releases.artifacts.checking import Tampered, fault_in
from releases.bundles.actions.make_bundle import check_first, make_bundle
from releases.bundles.making import bundle_of
from releases.bundles.plan import Bundle
from releases.bundles.serving import ranged
from releases.models import Release


def send_bundle(request: HttpRequest, actor: Actor, release: Release, team: Team | None) -> HttpResponseBase:
    """Give the bundle, the range asked for, or 304 or 416. Raises as `make_bundle` does."""
    bundle = bundle_of(actor, release, team)

    def begin(first: int, beyond: int) -> Iterator[bytes]:
        if first:
            check_first(bundle)
            return sent(bundle, first, beyond)
        return sent(make_bundle(actor=actor, release=release, team=team), first, beyond)

    return ranged(
        request,
        name=bundle.name,
        size=bundle.size,
        etag=bundle.etag,
        kind="application/x-tar",
        reader=begin,
    )


def sent(bundle: Bundle, first: int = 0, beyond: int | None = None) -> Iterator[bytes]:
    """Give the bytes; a file that was changed in the storage is marked, and breaks it off before a wrong byte."""
    try:
        yield from bundle.read(first, beyond)
    except Tampered:
        for blob in bundle.blobs:
            if why := fault_in(blob):
                mark_tampered(blob=blob, why=why)
        raise  # what was sent is too short to pass for the bundle

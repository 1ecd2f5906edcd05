"""What every way in has in common: what may come in at all, and how bytes become an artifact."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.catalogue.models import HardwareRevision
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Invalid
from foundation.kit.transactions import lock, require_transaction
from releases.artifacts import manifest, storage, sums
from releases.artifacts.blocks import Digest
from releases.artifacts.faults import Fault
from releases.artifacts.kinds import ArtifactAdded, ArtifactRestored
from releases.artifacts.models import Artifact, Blob, Manifest
from releases.artifacts.sentences import refusal_of
from releases.artifacts.storage import Received
from releases.locking import locked_release
from releases.models import Release

OPEN_STATES: Final = (Release.State.DRAFT, Release.State.CANDIDATE)
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


def check_open(release: Release) -> None:
    """Refuse to change the files of a release that somebody has approved. Raises Conflict `artifact.release_frozen`."""
    if release.state not in OPEN_STATES:
        raise Conflict(
            "artifact.release_frozen",
            _(
                "%(release)s is “%(state)s”: its files stand fast since it was approved. Files change in a draft or a "
                "candidate only; tag a new version instead."
            )
            % {"release": release, "state": release.get_state_display()},
        )


def check_name(name: str) -> str:
    """Give the name if an artifact may have it. Raises Invalid `file.name`, `artifact.name_reserved`."""
    try:
        sums.check_name(name)
    except Fault as fault:
        raise refusal_of(fault, field="name") from fault
    if name in (manifest.NAME, manifest.SBOM_NAME, sums.NAME) or name.lower().endswith(".minisig"):
        raise Invalid(
            "artifact.name_reserved",
            _("“%(name)s” is the name of a file that stands beside the artifacts. Choose another.") % {"name": name},
            field="name",
        )
    return name


def check_size(size: int) -> int:
    """Give the size if it may come in. Raises Invalid `artifact.empty`, `artifact.too_large`."""
    if size == 0:
        raise Invalid("artifact.empty", _("The file is empty."), field="file")
    if size > settings.ARTIFACT_MAX_BYTES:
        raise Invalid(
            "artifact.too_large",
            _("The file has %(size)s; at most %(most)s are taken.")
            % {"size": filesizeformat(size), "most": filesizeformat(settings.ARTIFACT_MAX_BYTES)},
            field="file",
        )
    return size


def check_sha256(sha256: str) -> str:
    """Give the digest in lower case. Raises Invalid `artifact.sha256_malformed`."""
    if sha256 and _SHA256.fullmatch(sha256.lower()) is None:
        raise Invalid(
            "artifact.sha256_malformed",
            _("“%(value)s” is no sha256: it has 64 of the characters 0-9 and a-f.") % {"value": sha256[:80]},
            field="sha256",
        )
    return sha256.lower()


def check_hardware(release: Release, ids: Collection[int]) -> list[HardwareRevision]:
    """Give the hardware revisions, all of the release's programme. Raises Invalid `artifact.hardware_…`."""
    if not ids:
        raise Invalid(
            "artifact.hardware_missing", _("Say for which hardware revisions the file is made."), field="hardware"
        )
    found = list(
        HardwareRevision.objects.filter(pk__in=ids, platform__programme=release.component.programme_id).select_related(
            "platform"
        )
    )
    if len(found) != len(set(ids)):
        raise Invalid(
            "artifact.hardware_unknown",
            _("Some of these hardware revisions are not in the programme of %(component)s.")
            % {"component": release.component},
            field="hardware",
        )
    return found


def bounded(content: Iterable[bytes]) -> Iterator[bytes]:
    """Give the chunks on; raises Invalid `artifact.too_large` as soon as there are too many bytes."""
    size = 0
    for chunk in content:
        size += len(chunk)
        check_size(size or 1)
        yield chunk


def check_received(digest: Digest, *, size: int | None, sha256: str) -> None:
    """Refuse bytes that are not those announced. Raises Invalid `artifact.incomplete`, `artifact.sha256_differs`."""
    if size is not None and digest.size != size:
        raise Invalid(
            "artifact.incomplete",
            _("%(got)s bytes came in, and %(size)s were announced. Send the file again.")
            % {"got": digest.size, "size": size},
            field="file",
        )
    check_size(digest.size)
    if sha256 and digest.sha256 != sha256:
        raise Invalid(
            "artifact.sha256_differs",
            _("What came in has the sha256 %(got)s, and %(expected)s was announced. Send the file again.")
            % {"got": digest.sha256, "expected": sha256},
            field="sha256",
        )


@transaction.atomic
def admit(
    *, actor: Actor, release: Release, name: str, hardware: Collection[HardwareRevision], received: Received
) -> Artifact:
    """Make what came in a file of the release; the same file under the same name again gives what is there.

    Raises Conflict `artifact.release_frozen`, `artifact.name_taken`.
    """
    release = locked_release(release)
    check_open(release)
    sha256 = received.digest.sha256
    there = Artifact.objects.current().filter(release=release, name=name).select_related("blob").first()
    if there is not None and there.blob.sha256 != sha256:
        raise Conflict(
            "artifact.name_taken",
            _("%(release)s has a file %(name)s already, with the sha256 %(sha256)s. Take that one off first.")
            % {"release": release, "name": name, "sha256": there.blob.sha256},
            field="name",
        )
    blob = blob_of(actor, received)
    wanted = {revision.pk for revision in hardware}
    if there is not None and set(there.hardware.values_list("pk", flat=True)) == wanted:
        return there
    if there is not None:
        there.removed_at = clock.now()
        there.save(update_fields=["removed_at"])
    artifact = Artifact.objects.create(
        release=release, blob=blob, name=name, added_by_id=actor.user_id, added_at=clock.now()
    )
    artifact.hardware.set(hardware)
    supersede(release)
    payload = ArtifactAdded(artifact_id=artifact.pk, name=name, size=blob.size, sha256=sha256)
    record(payload, subject=release, actor=actor)
    return artifact


def blob_of(actor: Actor, received: Received) -> Blob:
    """Give the blob of these bytes; what came in is moved to its place, or dropped where it lies there already."""
    digest = received.digest
    lock(f"artifacts.blob:{digest.sha256}")
    blob = Blob.objects.select_for_update().filter(sha256=digest.sha256).first()
    if blob is None:
        return Blob.objects.create(
            sha256=digest.sha256,
            size=digest.size,
            leaves=digest.leaves,
            stored=storage.keep(received),
            added_at=clock.now(),
        )
    if blob.tampered_at is None:
        storage.drop(received.stored)
        return blob
    # The very bytes have come in again: they heal what was changed.
    blob.stored = storage.keep(received)
    restore(actor, blob)
    return blob


def restore(actor: Actor, blob: Blob) -> None:
    """Trust the blob's bytes again, and say so on every release that holds them."""
    require_transaction("restore()")
    blob.tampered_at, blob.tampered_why = None, ""
    blob.save(update_fields=["tampered_at", "tampered_why", "stored"])
    for artifact in blob.artifacts.select_related("release").order_by("pk"):
        payload = ArtifactRestored(artifact_id=artifact.pk, name=artifact.name, sha256=blob.sha256)
        record(payload, subject=artifact.release, actor=actor)


def supersede(release: Release) -> None:
    """Let a sealed manifest stand no longer: the files are others now, and have to be sealed and signed anew."""
    require_transaction("supersede()")
    Manifest.objects.filter(release=release, superseded_at=None).update(superseded_at=clock.now())

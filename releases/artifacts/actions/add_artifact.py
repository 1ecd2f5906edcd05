"""Take a file in for a release, in one stream."""

from collections.abc import Collection, Iterable

from foundation.accounts.actors import Actor
from releases.artifacts import storage
from releases.artifacts.intake import (
    admit,
    bounded,
    check_hardware,
    check_name,
    check_open,
    check_received,
    check_sha256,
)
from releases.artifacts.models import Artifact
from releases.models import Release


def add_artifact(
    *,
    actor: Actor,
    release: Release,
    name: str,
    hardware: Collection[int],
    content: Iterable[bytes],
    size: int | None = None,
    sha256: str = "",
) -> Artifact:
    """Stream `content` into the storage and make it a file of the release, for these hardware revisions (ids).

    The bytes come in before the transaction begins: it would hold the journal back for as long as they take.
    `size` and `sha256`, where given, are what the sender says. Raises Invalid and Conflict `artifact.…`, `file.name`.
    """
    actor.require("artifact.add", programme_id=release.component.programme_id)
    check_open(release)
    check_name(name)
    sha256 = check_sha256(sha256)
    revisions = check_hardware(release, hardware)
    received = storage.receive(bounded(content))
    try:
        check_received(received.digest, size=size, sha256=sha256)
        return admit(actor=actor, release=release, name=name, hardware=revisions, received=received)
    finally:
        storage.drop(received.stored)  # gone already where it was kept

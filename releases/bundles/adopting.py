"""Makes a bundle that came in the release that it is, where the repository is known here.

The release is then as it would be had its files been sent and signed here: somebody proposes it, somebody else approves
and publishes it, and teams receive it as any other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from foundation.accounts.actors import SYSTEM, Actor
from foundation.catalogue.models import Component, HardwareRevision
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.transactions import require_transaction
from releases.actions.compute_contents import compute_contents
from releases.actions.draft_release import draft_release
from releases.artifacts.actions.add_signature import add_signature
from releases.artifacts.intake import OPEN_STATES, admit
from releases.artifacts.kinds import ManifestSealed
from releases.artifacts.manifest import Manifest as Told
from releases.artifacts.models import Artifact, Blob, Manifest
from releases.artifacts.storage import Received
from releases.bundles.models import ImportedBundle
from releases.bundles.reading import Read
from releases.bundles.trust import Vouched, known_commit
from releases.companions import Joining, join
from releases.git.errors import GitError
from releases.models import Commit, Release
from releases.versions import Tip


@dataclass(frozen=True, slots=True)
class Adoption:
    """The release that the bundle is here, if any; the files that it took over; whether it was drafted just now."""

    release: Release | None
    blobs: Mapping[str, Blob] = field(default_factory=dict)
    drafted: bool = False


def adopted(
    actor: Actor, component: Component, read: Read, received: Mapping[str, Received], signatures: Sequence[Vouched]
) -> Adoption:
    """Give the release that the bundle is, with its files, manifest and signatures where it has none yet."""
    require_transaction("adopted()")
    told = read.manifest
    release = Release.objects.filter(component=component, version=told.version).select_related("component").first()
    drafted = release is None
    if release is None:
        commit = known_commit(component, told.commit)
        if commit is None:
            return Adoption(None)
        release = draft_release(
            actor=SYSTEM,
            repository=commit.repository,
            version=told.version,
            tag=told.tag,
            tag_object=told.tag_object,
            commit=commit,
            imported=True,
        )
        _join(component, release, told)
    hardware = _hardware(component, told)
    open_ = release.state in OPEN_STATES and not Artifact.objects.current().filter(release=release).exists()
    if not open_ or hardware is None:
        return Adoption(release, drafted=drafted)
    blobs: dict[str, Blob] = {}
    for file in told.files:
        artifact = admit(
            actor=actor, release=release, name=file.name, hardware=hardware[file.name], received=received[file.name]
        )
        blobs[file.name] = artifact.blob
    _seal(actor, release, read)
    for one in signatures:
        add_signature(actor=SYSTEM, release=release, text=one.text)
    return Adoption(release, blobs, drafted)


def _join(component: Component, release: Release, told: Told) -> None:
    """Join what the manifest names beside the release's own commit, as far as it is known here."""
    for one in told.companions:
        commit = Commit.objects.filter(repository__component=component, repository__slug=one.repository, sha=one.commit)
        found = commit.select_related("repository__component").first()
        if found is not None and found.repository_id != release.repository_id:
            tip = Tip(one.tag, one.tag_object, release.version, one.commit, imported=True)
            join(SYSTEM, found.repository, [Joining(release.pk, tip)], {one.commit: found})


def _hardware(component: Component, told: Told) -> dict[str, list[HardwareRevision]] | None:
    """Give the hardware of each file as the catalogue here has it; None where some of it is not known here."""
    known = {
        (revision.platform.slug, revision.name): revision
        for revision in HardwareRevision.objects.filter(platform__programme=component.programme_id).select_related(
            "platform"
        )
    }
    wanted = {file.name: [(one.platform, one.revision) for one in file.hardware] for file in told.files}
    if any(not pairs or not known.keys() >= set(pairs) for pairs in wanted.values()):
        return None
    return {name: [known[pair] for pair in pairs] for name, pairs in wanted.items()}


def _seal(actor: Actor, release: Release, read: Read) -> None:
    manifest = Manifest.objects.create(
        release=release,
        content=read.manifest_bytes,
        sbom=read.sbom,
        sums=read.sums,
        sealed_by_id=actor.user_id,
        sealed_at=clock.now(),
    )
    payload = ManifestSealed(
        manifest_id=manifest.pk,
        sums_sha256=hashlib.sha256(read.sums).hexdigest(),
        files=len(read.manifest.files),
    )
    record(payload, subject=release, actor=actor)


def compute_contents_of(bundle: ImportedBundle) -> None:
    """Work out what the drafted release holds; where there is no mirror to ask, the next fetch does it."""
    assert bundle.release is not None
    beside = [companion.repository for companion in bundle.release.companions.select_related("repository__component")]
    for repository in (bundle.release.repository, *beside):
        with suppress(GitError):
            compute_contents(actor=SYSTEM, repository=repository)

"""What a release holds, as its manifest and its bill of materials say it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import prefetch_related_objects

from releases.artifacts import manifest, sbom
from releases.artifacts.blocks import root_of
from releases.artifacts.models import Artifact, Sbom
from releases.models import Release


def files_of(artifacts: Sequence[Artifact]) -> tuple[manifest.File, ...]:
    """Give the artifacts as the manifest has them, by name. Two queries at most."""
    prefetch_related_objects(list(artifacts), "hardware__platform")
    return tuple(
        manifest.File(
            name=artifact.name,
            size=artifact.blob.size,
            sha256=artifact.blob.sha256,
            blocks_root=root_of(bytes(artifact.blob.leaves)),
            hardware=tuple(_hardware(artifact.hardware.all())),
        )
        for artifact in sorted(artifacts, key=lambda artifact: artifact.name)
    )


def _hardware(revisions: Iterable[object]) -> list[manifest.Hardware]:
    from foundation.catalogue.models import HardwareRevision

    found = [revision for revision in revisions if isinstance(revision, HardwareRevision)]
    return sorted(manifest.Hardware(revision.platform.slug, revision.name) for revision in found)


def companions_of(release: Release) -> tuple[manifest.Beside, ...]:
    """Give what the release is built from beside its own repository, as the manifest has it. One query."""
    found = release.companions.values_list("repository__slug", "tag", "tag_object", "commit__sha")
    return tuple(sorted(manifest.Beside(*row) for row in found))


def manifest_of(release: Release, artifacts: Sequence[Artifact], *, sbom_sha256: str) -> manifest.Manifest:
    """Give the manifest of these files."""
    return manifest.Manifest(
        programme=release.component.programme.slug,
        component=release.component.slug,
        version=release.version,
        sequence=release.sequence,
        repository=release.repository.slug,
        tag=release.tag,
        tag_object=release.tag_object,
        commit=release.commit.sha,
        files=files_of(artifacts),
        sbom_sha256=sbom_sha256,
        companions=companions_of(release),
    )


def sbom_of(release: Release, artifacts: Sequence[Artifact]) -> bytes:
    """Give the uploaded bill of materials, or one that is made from these files."""
    uploaded = Sbom.objects.filter(release=release, replaced_at=None).first()
    if uploaded is not None:
        return bytes(uploaded.content)
    return sbom.generated(
        sbom.About(
            component=release.component.slug,
            name=release.component.name,
            version=release.version,
            commit=release.commit.sha,
            tag=release.tag,
            repository_url=release.repository.url,
            files=files_of(artifacts),
            companions=companions_of(release),
        )
    )

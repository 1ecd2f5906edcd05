"""Let what is to be signed stand fast: the manifest, the bill of materials and SHA256SUMS, as bytes."""

import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict
from releases.artifacts.contents import manifest_of, sbom_of
from releases.artifacts.kinds import ManifestSealed
from releases.artifacts.models import Artifact, Manifest
from releases.locking import locked_release
from releases.models import Release


@transaction.atomic
def seal_manifest(*, actor: Actor, release: Release) -> Manifest:
    """Give the sealed manifest of the release's present files; sealed already, it is given as it is.

    Raises Conflict `manifest.no_files`, `manifest.too_late` (published or withdrawn), `manifest.tampered`.
    """
    release = locked_release(release)
    actor.require("manifest.seal", programme_id=release.component.programme_id)
    sealed = Manifest.objects.filter(release=release, superseded_at=None).first()
    if sealed is not None:
        return sealed
    if release.state in (Release.State.PUBLISHED, Release.State.WITHDRAWN):
        raise Conflict(
            "manifest.too_late",
            _("%(release)s is “%(state)s”; what was not sealed before it was published never can be.")
            % {"release": release, "state": release.get_state_display()},
        )
    artifacts = list(Artifact.objects.current().filter(release=release).select_related("blob"))
    if not artifacts:
        raise Conflict("manifest.no_files", _("%(release)s has no files yet. Add them first.") % {"release": release})
    if wrong := [artifact.name for artifact in artifacts if artifact.blob.tampered_at]:
        raise Conflict(
            "manifest.tampered",
            _("%(names)s was changed in the storage. Send it again before the manifest is sealed.")
            % {"names": ", ".join(wrong)},
        )
    bill = sbom_of(release, artifacts)
    content = manifest_of(release, artifacts, sbom_sha256=hashlib.sha256(bill).hexdigest())
    sums = content.sums()
    manifest = Manifest.objects.create(
        release=release,
        content=content.canonical(),
        sbom=bill,
        sums=sums,
        sealed_by_id=actor.user_id,
        sealed_at=clock.now(),
    )
    payload = ManifestSealed(
        manifest_id=manifest.pk, sums_sha256=hashlib.sha256(sums).hexdigest(), files=len(artifacts)
    )
    record(payload, subject=release, actor=actor)
    return manifest

"""Take a release in that came on a stick."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import IO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Component
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Invalid
from foundation.kit.transactions import lock
from releases.artifacts import manifest as manifests
from releases.artifacts import storage
from releases.artifacts.blocks import root_of
from releases.artifacts.faults import Fault
from releases.artifacts.intake import blob_of
from releases.artifacts.storage import Received
from releases.bundles import reading, trust
from releases.bundles.adopting import adopted, compute_contents_of
from releases.bundles.kinds import BundleImported
from releases.bundles.models import BundleFile, BundleSignature, ImportedBundle
from releases.bundles.reading import Read
from releases.bundles.sentences import refusal_of
from releases.bundles.trust import Vouched

Progress = Callable[[str, int], None]


def import_bundle(
    *, actor: Actor, file: IO[bytes], channel: str = "", progress: Progress = lambda _step, _count: None
) -> ImportedBundle:
    """Check the bundle, store its firmware, and give what it is here; the very same again gives what is there.

    `channel`: who of those who receive the component receives it here; empty: nobody but staff, until it is let out.
    The firmware comes in before the transaction begins; killed at any moment, nothing of it is imported, and it can be
    imported again. Raises Invalid and Conflict, each with its reason (`archive.…`, `bundle.…`, `signature.…`, `sums.…`,
    `manifest.…`), Forbidden.
    """
    actor.require("bundle.import")
    progress("check", 0)
    try:
        read = reading.read(file)
        component = _component(actor, read)
        actor.require("bundle.import", programme_id=component.programme_id)
        signatures = trust.vouched(component, read)
        trust.check_channel(channel, signatures)
        there = trust.there_already(component, read)
        if there is not None and not there.files.filter(blob__tampered_at__isnull=False).exists():
            return there
        received: dict[str, Received] = {}
        try:
            for told in read.manifest.files:
                received[told.name] = _received(file, read, told, progress)
            bundle, drafted = _keep(actor, component, read, channel, received)
        finally:
            for one in received.values():
                storage.drop(one.stored)  # gone already where it was kept
    except Fault as fault:
        raise refusal_of(fault) from fault
    if drafted:
        compute_contents_of(bundle)
    return bundle


def _component(actor: Actor, read: Read) -> Component:
    manifest = read.manifest
    found = (
        Component.objects.visible_to(actor)
        .filter(slug=manifest.component[:60], programme__slug=manifest.programme[:60])
        .select_related("programme")
        .first()
    )
    if found is None:
        raise Invalid(
            "bundle.component",
            _("There is no component “%(component)s” in a programme “%(programme)s” here that you may see.")
            % {"component": manifest.component[:60], "programme": manifest.programme[:60]},
            field="file",
        )
    return found


def _received(file: IO[bytes], read: Read, told: manifests.File, progress: Progress) -> Received:
    """Stream one file into the storage, and refuse it unless it is what was signed."""
    member = read.firmware[told.name]
    if told.size > settings.ARTIFACT_MAX_BYTES:
        raise Fault("bundle.too_large", path=member.path, size=told.size, most=settings.ARTIFACT_MAX_BYTES)

    def chunks() -> Iterator[bytes]:
        done = 0
        for chunk in reading.chunks(file, member):
            done += len(chunk)
            progress(told.name, done)
            yield chunk

    received = storage.receive(chunks())
    digest = received.digest
    if digest.sha256 != told.sha256 or root_of(digest.leaves) != told.blocks_root:
        storage.drop(received.stored)
        raise Fault("bundle.differs", path=member.path)
    return received


@transaction.atomic
def _keep(
    actor: Actor, component: Component, read: Read, channel: str, received: Mapping[str, Received]
) -> tuple[ImportedBundle, bool]:
    """Write it all down in one go; gives the bundle, and whether a release was drafted for it."""
    lock(f"bundles.import:{component.pk}")
    # Asked again: while the firmware came in, a key may have been revoked and another bundle imported.
    signatures = trust.vouched(component, read)
    trust.check_channel(channel, signatures)
    there = trust.there_already(component, read)
    if there is not None:
        for one in received.values():
            blob_of(actor, one)
        return there, False
    adoption = adopted(actor, component, read, received, signatures)
    manifest = read.manifest
    bundle = ImportedBundle.objects.create(
        component=component,
        release=adoption.release,
        version=manifest.version,
        sequence=manifest.sequence,
        commit=manifest.commit,
        channel=channel,
        manifest=read.manifest_bytes,
        sbom=read.sbom,
        sums=read.sums,
        documents=read.documents,
        imported_by_id=actor.user_id,
        imported_at=clock.now(),
    )
    for told in manifest.files:
        BundleFile.objects.create(
            bundle=bundle,
            blob=adoption.blobs.get(told.name) or blob_of(actor, received[told.name]),
            name=told.name,
            hardware=[[one.platform, one.revision] for one in told.hardware],
        )
    _keep_signatures(bundle, signatures)
    payload = BundleImported(
        component_id=component.pk,
        release_id=bundle.release_id,
        version=bundle.version,
        sequence=bundle.sequence,
        commit=bundle.commit,
        sums_sha256=hashlib.sha256(read.sums).hexdigest(),
        keys=[one.key.key_id for one in signatures],
        channel=channel,
    )
    record(payload, subject=bundle, actor=actor)
    return bundle, adoption.drafted


def _keep_signatures(bundle: ImportedBundle, signatures: list[Vouched]) -> None:
    BundleSignature.objects.bulk_create(
        BundleSignature(bundle=bundle, key=one.key, text=one.text) for one in signatures
    )

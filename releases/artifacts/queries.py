"""What pages, the API and the rooms above read of this room."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import User
from foundation.catalogue.models import Component, HardwareRevision
from foundation.kit.errors import NotFound
from releases.artifacts import compatibility, manifest, sums
from releases.artifacts.models import Artifact, Compatibility, Manifest, Sbom, Signature, SigningKey
from releases.artifacts.policies import RIGHTS
from releases.artifacts.signed import SIGNERS_NEEDED, SignatureState, SignedState, signed_state
from releases.models import Channel, Release

__all__ = ["SIGNERS_NEEDED", "SignatureState", "SignedState", "signed_state"]

CANONICAL_FILES: Final = (manifest.NAME, manifest.SBOM_NAME, sums.NAME)


def artifacts_of(release: Release) -> list[Artifact]:
    """Give the release's present files by name, with blobs and hardware. Two queries."""
    return list(
        Artifact.objects.current()
        .filter(release=release)
        .select_related("blob", "added_by", "release__component")
        .defer("blob__leaves")
        .prefetch_related("hardware__platform")
        .order_by("name")
    )


def artifact_of(actor: Actor, pk: int) -> Artifact:
    """Give the visible artifact; raises NotFound."""
    found = (
        Artifact.objects.visible_to(actor)
        .select_related("blob", "release__component", "release__repository", "release__commit")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound("artifact.not_found", _("There is no artifact %(pk)s that you may see.") % {"pk": pk})
    return found


def sealed_manifest(release: Release) -> Manifest | None:
    """Give the manifest that stands, if one was sealed."""
    return Manifest.objects.filter(release=release, superseded_at=None).first()


def document_of(state: SignedState, name: str) -> bytes:
    """Give the bytes of `manifest.json`, `SHA256SUMS`, `sbom.cdx.json` or a signature; raises NotFound.

    `SHA256SUMS.minisig` is the first signature that counts; `SHA256SUMS.<key id>.minisig` that of one key.
    """
    found = state.manifest
    if found is not None:
        match name:
            case manifest.NAME:
                return bytes(found.content)
            case manifest.SBOM_NAME:
                return bytes(found.sbom)
            case sums.NAME:
                return bytes(found.sums)
        for signature in state.signatures:
            first = name == f"{sums.NAME}.minisig" and not signature.wrong
            if first or name == signature.file_name:
                return signature.signature.text.encode()
    raise NotFound(
        "artifact.not_found",
        _("%(release)s has no file “%(name)s”.") % {"release": state.release, "name": name[:120]},
    )


@dataclass(frozen=True, slots=True)
class Pair:
    """An artifact on a hardware revision: what all present statements add up to, and the statements."""

    artifact: Artifact
    hardware: HardwareRevision
    state: str
    statements: list[Compatibility]


def pairs_of(release: Release) -> list[Pair]:
    """Give every pair of the release's files and the hardware that they are made for. Three queries."""
    artifacts = artifacts_of(release)
    by_pair: dict[tuple[int, int], list[Compatibility]] = defaultdict(list)
    rows = (
        Compatibility.objects.current()
        .filter(artifact__in=artifacts)
        .select_related("companion", "set_by", "hardware")
        .order_by("pk")
    )
    for row in rows:
        by_pair[row.artifact_id, row.hardware_id].append(row)
    found = []
    for artifact in artifacts:
        for hardware in artifact.hardware.all():
            statements = by_pair[artifact.pk, hardware.pk]
            told = [compatibility.Statement(row.state, row.narrowed) for row in statements]
            found.append(Pair(artifact, hardware, compatibility.state_of_pair(told), statements))
    return found


def untested_or_blocked(release: Release) -> list[Pair]:
    """Give the pairs that keep the release from the fleet."""
    return [pair for pair in pairs_of(release) if pair.state != compatibility.SUPPORTED]


def keys_of(actor: Actor) -> QuerySet[SigningKey]:
    """Give the visible keys with whoever had to do with them; those that wait first."""
    return (
        SigningKey.objects.visible_to(actor)
        .select_related("component", "holder", "registered_by", "confirmed_by", "revoked_by")
        .order_by("component__name", "confirmed_at", "-registered_at")
    )


def key_of(actor: Actor, pk: int) -> SigningKey:
    """Give the visible key; raises NotFound."""
    found = keys_of(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("key.not_found", _("There is no signing key %(pk)s that you may see.") % {"pk": pk})
    return found


def keys_for(release: Release) -> list[SigningKey]:
    """Give the keys that may sign the release now."""
    from foundation.kit import clock

    found = SigningKey.objects.filter(component=release.component_id).active(clock.now())
    return list(found.select_related("holder").order_by("holder__name", "pk"))


def components_for_keys(actor: Actor) -> QuerySet[Component]:
    """Give the components for which the actor may register keys."""
    return Component.objects.filter(programme__in=actor.programmes(*RIGHTS["key.register"])).order_by("name")


def possible_holders(actor: Actor) -> QuerySet[User]:
    """Give the people of the actor's programmes who may hold a key."""
    programmes = actor.programmes(*RIGHTS["key.register"])
    held = User.objects.filter(is_active=True, memberships__team__programmes__in=programmes)
    return User.objects.filter(pk__in=held.values("pk")).order_by("name", "username")


def uploaded_sbom(release: Release) -> Sbom | None:
    """Give the bill of materials that was uploaded, without its bytes, if there is one."""
    return Sbom.objects.filter(release=release, replaced_at=None).defer("content").first()


def next_channels(state: SignedState) -> list[tuple[Channel, list[str]]]:
    """Give the channels further out than the release has been let, each with what is missing there."""
    from releases.artifacts.gate import against

    out = [Channel(channel).reach for channel in state.release.publications.values_list("channel", flat=True)]
    further = [channel for channel in Channel if channel.reach > max(out, default=-1)]
    return [(channel, against(state, channel)) for channel in further]


def artifact_in(actor: Actor, release: Release, pk: int) -> Artifact:
    """Give the release's visible artifact; raises NotFound."""
    found = artifact_of(actor, pk)
    if found.release_id != release.pk:
        raise NotFound("artifact.not_found", _("There is no artifact %(pk)s that you may see.") % {"pk": pk})
    return found


def signed_with(key: SigningKey) -> list[Signature]:
    """Give what was signed with the key, newest first."""
    found = key.signatures.select_related("manifest__release__component", "added_by")
    return list(found.defer("manifest__content", "manifest__sbom", "manifest__sums").order_by("-pk")[:100])


@dataclass(frozen=True, slots=True)
class Matrix:
    """The files of a release by the hardware that any of them is made for; None where a file is not."""

    hardware: list[HardwareRevision]
    rows: list[tuple[Artifact, list[Pair | None]]]


def matrix_of(release: Release) -> Matrix:
    """Give the matrix. Four queries."""
    pairs = pairs_of(release)
    hardware = {pair.hardware.pk: pair.hardware for pair in pairs}
    columns = sorted(hardware.values(), key=lambda revision: (revision.platform.name, revision.name, revision.pk))
    by_artifact: dict[int, dict[int, Pair]] = defaultdict(dict)
    artifacts: dict[int, Artifact] = {}
    for pair in pairs:
        by_artifact[pair.artifact.pk][pair.hardware.pk] = pair
        artifacts[pair.artifact.pk] = pair.artifact
    rows = [
        (artifact, [by_artifact[artifact.pk].get(revision.pk) for revision in columns])
        for artifact in artifacts.values()
    ]
    return Matrix(columns, rows)


def statements_about(pair: Pair) -> list[Compatibility]:
    """Give all that was ever said of the pair, newest first."""
    found = Compatibility.objects.filter(artifact=pair.artifact, hardware=pair.hardware)
    return list(found.select_related("companion", "set_by").order_by("-pk")[:100])

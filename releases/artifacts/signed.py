"""How far a release is signed: worked out anew from the stored bytes each time it is asked, and never remembered."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.kit import clock
from releases.artifacts import manifest as manifests
from releases.artifacts import minisign, sums
from releases.artifacts.contents import companions_of, files_of
from releases.artifacts.faults import Fault
from releases.artifacts.models import Artifact, Manifest, Signature, SigningKey
from releases.artifacts.sentences import sentence_of
from releases.models import Channel, Release

SIGNERS_NEEDED: Final = {Channel.LAB: 1, Channel.PILOT: 1, Channel.FLEET: 2}


@dataclass(frozen=True, slots=True)
class SignatureState:
    """One signature, checked. `wrong` says why it counts for nothing; `expired` why it does not count any more."""

    signature: Signature
    wrong: str
    expired: str

    @property
    def key(self) -> SigningKey:
        """The key that it was made with."""
        return self.signature.key

    @property
    def file_name(self) -> str:
        """Under which name the signature is fetched."""
        return f"{sums.NAME}.{self.key.key_id}.minisig"


@dataclass(frozen=True, slots=True)
class SignedState:
    """What is known of a release's files, manifest and signatures.

    `demanded`: the component has keys or the release has files, so that it cannot be published unsigned. `changed`:
    sentences that say in what the files, the bill of materials or SHA256SUMS differ from what was sealed.
    """

    release: Release
    artifacts: Sequence[Artifact]
    manifest: Manifest | None
    signatures: Sequence[SignatureState]
    changed: Sequence[str]
    demanded: bool

    def signers(self, channel: Channel, *, now: bool = True) -> list[SignatureState]:
        """Give the signatures that count for the channel, one for each holder.

        `now=False`: those that counted when they were added, unless their key was revoked since.
        """
        found: dict[int, SignatureState] = {}
        for state in self.signatures:
            counts = not state.wrong and not (now and state.expired) and channel in state.key.channels
            if counts:
                found.setdefault(state.key.holder_id, state)
        return list(found.values())

    def missing(self, channel: Channel, *, now: bool = True) -> list[str]:
        """Give what is missing before the release is signed well enough for the channel, in whole sentences."""
        if not self.demanded:
            return []
        if not self.artifacts:
            return [_("It has no files, and %(component)s ships signed files.") % {"component": self.release.component}]
        found = [
            _("%(name)s was changed in the storage: %(why)s.")
            % {"name": artifact.name, "why": artifact.blob.tampered_why}
            for artifact in self.artifacts
            if artifact.blob.tampered_at
        ]
        if self.manifest is None:
            return [*found, _("Its manifest is not sealed yet.")]
        found += self.changed
        needed, there = SIGNERS_NEEDED[channel], len(self.signers(channel, now=now))
        if there < needed:
            found.append(
                ngettext(
                    "“%(channel)s” needs a signature by %(needed)s holder of a key for this channel; there are "
                    "%(there)s.",
                    "“%(channel)s” needs signatures by %(needed)s different holders of keys for this channel; "
                    "there are %(there)s.",
                    needed,
                )
                % {"channel": channel.label, "needed": needed, "there": there}
            )
        return found

    def is_signed_for(self, channel: Channel, *, now: bool = True) -> bool:
        """Tell whether files, manifest and signatures are in order for the channel."""
        return bool(self.artifacts) and not self.missing(channel, now=now)


def signed_state(release: Release) -> SignedState:
    """Give how far the release is signed; every signature is verified anew. At most six queries."""
    artifacts = list(Artifact.objects.current().filter(release=release).select_related("blob").order_by("name"))
    manifest = Manifest.objects.filter(release=release, superseded_at=None).first() if artifacts else None
    if not artifacts:
        demanded = SigningKey.objects.filter(component=release.component_id).active(clock.now()).exists()
        return SignedState(release, [], None, [], [], demanded)
    signatures: list[SignatureState] = []
    changed: list[str] = []
    if manifest is not None:
        now = clock.now()
        rows = manifest.signatures.select_related("key__holder", "added_by").order_by("pk")
        signatures = [_state_of(row, manifest, now) for row in rows]
        changed = _changed(release, manifest, artifacts)
    return SignedState(release, artifacts, manifest, signatures, changed, demanded=True)


def _state_of(signature: Signature, manifest: Manifest, now: datetime) -> SignatureState:
    key = signature.key
    try:
        public = minisign.read_public_key(key.public_key)
        minisign.verify(public, minisign.read_signature(signature.text), bytes(manifest.sums))
    except Fault as fault:
        return SignatureState(signature, sentence_of(fault), "")
    at_the_time = key.why_not(signature.added_at)
    return SignatureState(signature, at_the_time, "" if at_the_time else key.why_not(now))


def _changed(release: Release, manifest: Manifest, artifacts: Sequence[Artifact]) -> list[str]:
    """Say in what the stored state differs from SHA256SUMS, which is what was signed."""
    try:
        listed = sums.read(bytes(manifest.sums))
        content = manifests.read(bytes(manifest.content))
    except Fault as fault:
        return [sentence_of(fault)]
    there = {artifact.name: artifact.blob.sha256 for artifact in artifacts}
    there[manifests.NAME] = hashlib.sha256(bytes(manifest.content)).hexdigest()
    there[manifests.SBOM_NAME] = hashlib.sha256(bytes(manifest.sbom)).hexdigest()
    names = sorted(name for name in listed.keys() | there.keys() if listed.get(name) != there.get(name))
    if not names and content.files != files_of(artifacts):
        names = [manifests.NAME]
    found = [_("%(name)s is not the file that SHA256SUMS names.") % {"name": name} for name in names]
    if tuple(sorted(content.companions)) != companions_of(release):
        found.append(_("The release is built from other commits beside its own than the manifest names."))
    if (content.version, content.component) != (release.version, release.component.slug):
        found.append(
            _("The manifest is that of %(component)s %(version)s.")
            % {"component": content.component, "version": content.version}
        )
    return found

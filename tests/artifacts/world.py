"""A release with a file, two holders of keys, and the way to a signed and published one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from foundation.accounts.actors import SYSTEM
from releases.actions.approve_release import approve_release
from releases.actions.propose_release import propose_release
from releases.actions.publish_release import publish_release
from releases.actions.subscribe_team import subscribe_team
from releases.artifacts.actions.add_artifact import add_artifact
from releases.artifacts.actions.add_signature import add_signature
from releases.artifacts.actions.confirm_key import confirm_key
from releases.artifacts.actions.register_key import register_key
from releases.artifacts.actions.seal_manifest import seal_manifest
from releases.artifacts.actions.set_compatibility import set_compatibility
from releases.artifacts.models import Artifact, Manifest, Signature, SigningKey
from releases.models import Channel, Release
from tests.artifacts.minisigning import Signer
from tests.cast import Cast
from tests.releases import api_world

FIRMWARE = bytes(range(256)) * 16


@dataclass(slots=True)
class World:
    """Whoever is given a key holds it for the autopilot; Arne, who holds none, confirms them."""

    cast: Cast
    signers: dict[str, Signer] = field(default_factory=dict)
    keys: dict[str, SigningKey] = field(default_factory=dict)

    def key(self, holder: str, channels: Sequence[str] = Channel.values, *, confirmed: bool = True) -> SigningKey:
        """Give a key of this holder, registered by them and confirmed by Arne."""
        signer = self.signers[holder] = Signer.new()
        key = register_key(
            actor=SYSTEM,
            component=self.cast.autopilot,
            holder=self.cast.users[holder],
            public_key=signer.public_text,
            channels=channels,
        )
        if confirmed:
            key = confirm_key(actor=self.cast.actor("arne"), key=key)
        self.keys[holder] = key
        return key

    def draft(self, version: str = "1.0") -> Release:
        """Give a draft without files."""
        return api_world.draft(self.cast, version)

    def artifact(
        self, release: Release, content: bytes | Iterable[bytes] = FIRMWARE, name: str = "autopilot.bin"
    ) -> Artifact:
        """Give the draft's file, made for revision A."""
        return add_artifact(
            actor=SYSTEM,
            release=release,
            name=name,
            hardware=[self.cast.rev_a.pk],
            content=[content] if isinstance(content, bytes) else content,
        )

    def sealed(self, release: Release) -> Manifest:
        """Seal the manifest."""
        return seal_manifest(actor=SYSTEM, release=release)

    def sign(self, release: Release, holder: str) -> Signature:
        """Let the holder sign the sealed sums."""
        text = self.signers[holder].sign(bytes(self.sealed(release).sums), f"signed by {holder}")
        return add_signature(actor=SYSTEM, release=release, text=text)

    def approved(self, release: Release) -> Release:
        """Propose and approve it."""
        return approve_release(actor=SYSTEM, release=propose_release(actor=SYSTEM, release=release))

    def supported(self, artifact: Artifact) -> None:
        """Say that it was tested on revision A."""
        set_compatibility(
            actor=SYSTEM,
            artifact=artifact,
            hardware=self.cast.rev_a,
            state="supported",
            evidence="Flown for two hours.",
        )

    def published(self, version: str = "1.0", channel: str = "fleet", content: bytes = FIRMWARE) -> Artifact:
        """Give the file of a release that is out, signed by Kari and Henrik; North receives the fleet's releases."""
        for holder in ("kari", "henrik"):
            if holder not in self.keys:
                self.key(holder)
        release = self.draft(version)
        artifact = self.artifact(release, content)
        self.approved(release)
        self.sign(release, "kari")
        self.sign(release, "henrik")
        self.supported(artifact)
        subscribe_team(actor=SYSTEM, team=self.cast.north, component=self.cast.autopilot, channel="fleet")
        publish_release(actor=SYSTEM, release=release, channel=channel)
        artifact.refresh_from_db()
        return artifact

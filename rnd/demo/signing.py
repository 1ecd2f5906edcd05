"""The last months of the demo's year: the autopilot's releases carry files, signed by two and tested on hardware.

The private keys exist only here, where the holders' own machines would be; what the house gets are signatures.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from releases.artifacts.actions.add_artifact import add_artifact
from releases.artifacts.actions.add_signature import add_signature
from releases.artifacts.actions.confirm_key import confirm_key
from releases.artifacts.actions.register_key import register_key
from releases.artifacts.actions.seal_manifest import seal_manifest
from releases.artifacts.actions.set_compatibility import set_compatibility
from releases.models import Channel, Release

if TYPE_CHECKING:
    from rnd.demo.year import Year

COMPONENT: Final = "autopilot"
LAST_MONTHS: Final = timedelta(days=100)
HOLDERS: Final = ("kari", "henrik")
# file name: (platform whose revisions it is made for, bytes)
FILES: Final = {"autopilot-quad.bin": ("quad-10", 96 * 1024), "autopilot-wing.bin": ("wing-3", 160 * 1024)}


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair of keys on its holder's machine; it signs as minisign does (the format is in releases.artifacts)."""

    private: Ed25519PrivateKey
    key_id: bytes

    @property
    def public_text(self) -> str:
        """The line that stands in `minisign.pub`."""
        return base64.b64encode(b"Ed" + self.key_id + self.private.public_key().public_bytes_raw()).decode()

    def sign(self, content: bytes, comment: str) -> str:
        """Give the `.minisig` file over `content`."""
        signature = self.private.sign(hashlib.blake2b(content, digest_size=64).digest())
        whole = self.private.sign(signature + comment.encode())
        lines = (
            "untrusted comment: signature from minisign secret key",
            base64.b64encode(b"ED" + self.key_id + signature).decode(),
            f"trusted comment: {comment}",
            base64.b64encode(whole).decode(),
        )
        return "".join(f"{line}\n" for line in lines)


class Signing:
    """What Kari and Henrik do from the day on which nobody flies an unsigned autopilot any more."""

    def __init__(self, year: Year) -> None:
        self.year = year
        # Not the year's own dice: whether releases are signed changes nothing else in the story.
        self.rng = Random(COMPONENT)  # noqa: S311  firmware of a story
        self.pairs: dict[str, Pair] = {}

    def dress(self, release: Release) -> None:
        """Give a draft its files, their tests and both signatures, where its time has come."""
        calendar = self.year.calendar
        if release.component.slug != COMPONENT or calendar.end - calendar.now > LAST_MONTHS:
            return
        if not self.pairs:
            self._register(release)
        actors = self.year.world.actors
        for name, (platform, size) in FILES.items():
            revisions = self.year.world.hardware[platform]
            artifact = add_artifact(
                actor=actors["jonas"],
                release=release,
                name=name,
                hardware=[revision.pk for revision in revisions],
                content=[self.rng.randbytes(size)],
            )
            for revision in revisions:
                set_compatibility(
                    actor=actors["jonas"],
                    artifact=artifact,
                    hardware=revision,
                    state="supported",
                    evidence="Two hours on the bench at −20 °C, one hour in the air.",
                )
        sums = bytes(seal_manifest(actor=actors["kari"], release=release).sums)
        for holder in HOLDERS:
            comment = f"{release.component.slug} {release.version}, signed by {holder}"
            add_signature(actor=actors[holder], release=release, text=self.pairs[holder].sign(sums, comment))

    def _register(self, release: Release) -> None:
        actors, users = self.year.world.actors, self.year.world.users
        for holder in HOLDERS:
            seed = self.rng.randbytes(32)
            pair = self.pairs[holder] = Pair(Ed25519PrivateKey.from_private_bytes(seed), self.rng.randbytes(8))
            key = register_key(
                actor=actors[holder],
                component=release.component,
                public_key=pair.public_text,
                holder=users[holder],
                channels=Channel.values,
                name=f"{users[holder].display_name}, safe in Bergen",
            )
            confirm_key(actor=actors["arne"], key=key)

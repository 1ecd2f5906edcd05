"""What this room says in the journal: of a release's files about the release, of keys about the key."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.journal.kinds import Payload


class ArtifactAdded(Payload, kind="artifact.added"):
    """A file came in."""

    artifact_id: int
    name: str
    size: int
    sha256: str

    def sentence(self) -> str:
        return _("added the file %(name)s (sha256 %(sha256)s…)") % {"name": self.name, "sha256": self.sha256[:12]}


class ArtifactRemoved(Payload, kind="artifact.removed"):
    """A file was taken off its release, before that was approved."""

    artifact_id: int
    name: str
    reason: str

    def sentence(self) -> str:
        return _("took the file %(name)s off again: %(reason)s") % {"name": self.name, "reason": self.reason}


class ArtifactTampered(Payload, kind="artifact.tampered"):
    """The bytes in the storage are not those that came in; it is refused from now on."""

    artifact_id: int
    name: str
    sha256: str
    why: str

    def sentence(self) -> str:
        return _("found that %(name)s was changed in the storage, and refuses it: %(why)s") % {
            "name": self.name,
            "why": self.why,
        }


class ArtifactRestored(Payload, kind="artifact.restored"):
    """The storage holds the right bytes again."""

    artifact_id: int
    name: str
    sha256: str

    def sentence(self) -> str:
        return _("checked every byte of %(name)s: it is the right file again") % {"name": self.name}


class SbomAdded(Payload, kind="release.sbom_added"):
    """A bill of materials was uploaded."""

    spec_version: str
    components: int

    def sentence(self) -> str:
        text = ngettext(
            "uploaded a bill of materials with %(count)s component (CycloneDX %(version)s)",
            "uploaded a bill of materials with %(count)s components (CycloneDX %(version)s)",
            self.components,
        )
        return text % {"count": self.components, "version": self.spec_version}


class ManifestSealed(Payload, kind="manifest.sealed"):
    """What is to be signed stands fast."""

    manifest_id: int
    sums_sha256: str
    files: int

    def sentence(self) -> str:
        text = ngettext(
            "sealed the manifest of %(count)s file (SHA256SUMS is %(sha256)s…)",
            "sealed the manifest of %(count)s files (SHA256SUMS is %(sha256)s…)",
            self.files,
        )
        return text % {"count": self.files, "sha256": self.sums_sha256[:12]}


class SignatureAdded(Payload, kind="signature.added"):
    """The holder of a key signed."""

    signature_id: int
    key_id: str
    holder: str
    trusted_comment: str

    def sentence(self) -> str:
        return _("added the signature of %(holder)s (key %(key)s)") % {"holder": self.holder, "key": self.key_id}


class CompatibilitySet(Payload, kind="compatibility.set"):
    """Somebody says whether a file runs on a hardware revision."""

    artifact_id: int
    hardware_id: int
    state: str
    name: str
    hardware: str
    condition: str
    evidence: str

    def sentence(self) -> str:
        return _("marked %(name)s on %(hardware)s as “%(state)s”%(condition)s: %(evidence)s") % {
            "name": self.name,
            "hardware": self.hardware,
            "state": _state(self.state),
            "condition": f" ({self.condition})" if self.condition else "",
            "evidence": self.evidence or "–",
        }


class KeyRegistered(Payload, kind="signing_key.registered"):
    """A public key was registered; it counts once somebody else has confirmed it."""

    component_id: int
    key_id: str
    holder_id: int
    channels: list[str]

    def sentence(self) -> str:
        return _("registered the key %(key)s") % {"key": self.key_id}


class KeyConfirmed(Payload, kind="signing_key.confirmed"):
    """Somebody else compared it with what the holder has."""

    key_id: str

    def sentence(self) -> str:
        return _("confirmed the key %(key)s") % {"key": self.key_id}


class KeyRevoked(Payload, kind="signing_key.revoked"):
    """Its signatures count no longer, not even the old ones."""

    key_id: str
    reason: str

    def sentence(self) -> str:
        return _("revoked the key %(key)s: %(reason)s") % {"key": self.key_id, "reason": self.reason}


def _state(value: str) -> str:
    from releases.artifacts.models import Compatibility  # models stand above kinds: only the words come from there

    return str(Compatibility.State(value).label) if value in Compatibility.State.values else value

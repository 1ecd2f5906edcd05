"""The files of releases, what signs them, and on which hardware they run."""

from releases.artifacts.models.files import Artifact, Blob, Piece, Sbom, Upload
from releases.artifacts.models.fitting import Compatibility
from releases.artifacts.models.signing import Manifest, Signature, SigningKey

__all__ = [
    "Artifact",
    "Blob",
    "Compatibility",
    "Manifest",
    "Piece",
    "Sbom",
    "Signature",
    "SigningKey",
    "Upload",
]

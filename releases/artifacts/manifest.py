"""The manifest of a release: which files belong to it, for which hardware, from which commit. Pure.

Canonical JSON by RFC 8785, so that the same content has the same bytes everywhere and for ever. It says nothing of the
time at which it was made, of who made it, or of what may change later (channels, compatibility, signatures). It stands
in `SHA256SUMS`, and that is what is signed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import rfc8785

from releases.artifacts import sums
from releases.artifacts.blocks import BLOCK
from releases.artifacts.faults import Fault

FORMAT: Final = "fieldloop-manifest/1"
NAME: Final = "manifest.json"
SBOM_NAME: Final = "sbom.cdx.json"


@dataclass(frozen=True, slots=True, order=True)
class Hardware:
    """A hardware revision as the catalogue names it: slug of the platform, name of the revision."""

    platform: str
    revision: str


@dataclass(frozen=True, slots=True)
class File:
    """A file of the release. `blocks_root` is of its blocks of 1 MiB (see `blocks`); both digests are in hex."""

    name: str
    size: int
    sha256: str
    blocks_root: str
    hardware: tuple[Hardware, ...]


@dataclass(frozen=True, slots=True, order=True)
class Beside:
    """A commit of another repository that the release is built from too, as it was frozen."""

    repository: str
    tag: str
    tag_object: str
    commit: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that is signed of a release. `sbom_sha256` is of the file `sbom.cdx.json` beside it.

    Without companions the member is left out: manifests of before there were any have the same bytes.
    """

    programme: str
    component: str
    version: str
    sequence: int
    repository: str
    tag: str
    tag_object: str
    commit: str
    files: tuple[File, ...]
    sbom_sha256: str
    companions: tuple[Beside, ...] = ()

    def canonical(self) -> bytes:
        """Give the bytes of `manifest.json`."""
        return rfc8785.dumps(self.as_data())

    def as_data(self) -> dict[str, Any]:
        """Give the members as JSON has them; files by name, hardware in order."""
        data = asdict(self)
        del data["sbom_sha256"], data["companions"]
        if self.companions:
            data["companions"] = [asdict(one) for one in sorted(self.companions)]
        data["format"] = FORMAT
        data["sbom"] = {"name": SBOM_NAME, "sha256": self.sbom_sha256}
        data["files"] = [
            {
                "name": file.name,
                "size": file.size,
                "sha256": file.sha256,
                "blocks": {"size": BLOCK, "sha256": file.blocks_root},
                "hardware": [asdict(hardware) for hardware in sorted(file.hardware)],
            }
            for file in sorted(self.files, key=lambda file: file.name)
        ]
        return data

    def sums(self) -> bytes:
        """Give the bytes of `SHA256SUMS`: the files, the SBOM and the manifest itself. Raises Fault `file.name`."""
        import hashlib

        digests = {file.name: file.sha256 for file in self.files}
        digests[NAME] = hashlib.sha256(self.canonical()).hexdigest()
        digests[SBOM_NAME] = self.sbom_sha256
        return sums.write(digests)


def read(content: bytes) -> Manifest:
    """Give the manifest in these bytes. Raises Fault `manifest.…`: `malformed`, `format`, `not_canonical`."""
    try:
        data = json.loads(content)
        found = _read(data) if data["format"] == FORMAT else None
    except Fault:
        raise
    except (ValueError, KeyError, TypeError) as error:
        raise Fault("manifest.malformed", why=str(error)[:120]) from error
    if found is None:
        raise Fault("manifest.format", format=str(data["format"])[:60])
    if found.canonical() != content:
        raise Fault("manifest.not_canonical")
    return found


def _files(rows: Sequence[Any]) -> tuple[File, ...]:
    return tuple(
        File(
            name=sums.check_name(row["name"]),
            size=int(row["size"]),
            sha256=str(row["sha256"]),
            blocks_root=str(row["blocks"]["sha256"]),
            hardware=tuple(Hardware(str(one["platform"]), str(one["revision"])) for one in row["hardware"]),
        )
        for row in rows
    )


def _read(data: Mapping[str, Any]) -> Manifest:
    return Manifest(
        **{name: str(data[name]) for name in ("programme", "component", "version", "repository")},
        **{name: str(data[name]) for name in ("tag", "tag_object", "commit")},
        sequence=int(data["sequence"]),
        files=_files(data["files"]),
        sbom_sha256=str(data["sbom"]["sha256"]),
        companions=tuple(
            Beside(**{name: str(one[name]) for name in ("repository", "tag", "tag_object", "commit")})
            for one in data.get("companions", ())
        ),
    )

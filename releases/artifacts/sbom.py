"""Bills of materials in CycloneDX: one that is made from what a release holds, and the check of one that was uploaded.

What is made is the same byte for byte whenever it is made from the same: no time, no random serial number. It is pure,
but for the library that knows the format.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any, Final

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion

from releases.artifacts.faults import Fault
from releases.artifacts.manifest import Beside, File

LARGEST: Final = 20 * 1024 * 1024
_KNOWN: Final = {version.to_version(): version for version in SchemaVersion if version >= SchemaVersion.V1_2}
_NAMESPACE: Final = uuid.UUID("6f5f9f0a-0d1c-5c0e-9a51-0f1e1d100b0e")


@dataclass(frozen=True, slots=True)
class About:
    """What the bill is about."""

    component: str
    name: str
    version: str
    commit: str
    tag: str
    repository_url: str
    files: tuple[File, ...]
    companions: tuple[Beside, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """What was found in an uploaded bill."""

    spec_version: str
    components: int


def generated(about: About) -> bytes:
    """Give a bill with the firmware, and each of its files with sha256 and hardware."""
    firmware = Component(
        name=about.name,
        version=about.version,
        type=ComponentType.FIRMWARE,
        bom_ref=f"{about.component}@{about.version}",
        properties=[
            Property(name="fieldloop:commit", value=about.commit),
            Property(name="fieldloop:tag", value=about.tag),
            *(
                Property(name=f"fieldloop:companion:{one.repository}", value=f"{one.commit} {one.tag}")
                for one in about.companions
            ),
        ],
        external_references=[
            ExternalReference(type=ExternalReferenceType.VCS, url=XsUri(about.repository_url)),
        ],
    )
    files = [_file(about, file) for file in about.files]
    metadata = BomMetaData(component=firmware)
    metadata.timestamp = None  # type: ignore[assignment]  # taken out of the answer below
    bom = Bom(metadata=metadata, components=files)
    bom.register_dependency(firmware, files)
    seed = f"{about.component}@{about.version}@{about.commit}:" + ",".join(sorted(file.sha256 for file in about.files))
    bom.serial_number = uuid.uuid5(_NAMESPACE, seed)
    data: dict[str, Any] = json.loads(JsonV1Dot6(bom).output_as_string())
    data["metadata"].pop("timestamp", None)
    return (json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _file(about: About, file: File) -> Component:
    return Component(
        name=file.name,
        version=about.version,
        type=ComponentType.FIRMWARE,
        bom_ref=f"{about.component}@{about.version}/{file.name}",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=file.sha256)],
        properties=[
            Property(name="fieldloop:size", value=str(file.size)),
            *(
                Property(name="fieldloop:hardware", value=f"{one.platform} {one.revision}")
                for one in sorted(file.hardware)
            ),
        ],
    )


def check(content: bytes, *, version: str) -> Read:
    """Read an uploaded bill of materials of the release called `version`.

    Raises Fault `sbom.malformed`, `sbom.version`, `sbom.type` (not a firmware), `sbom.release` (another version).
    """
    # Its grammars take more than a second to compile, which no process should pay that checks no bill.
    from cyclonedx.validation.json import JsonStrictValidator

    try:
        text = content.decode("utf-8-sig")
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Fault("sbom.malformed", why=str(error)[:200]) from error
    if not isinstance(data, dict) or data.get("bomFormat") != "CycloneDX":
        raise Fault("sbom.malformed", why="bomFormat")
    spec = str(data.get("specVersion"))
    if spec not in _KNOWN:
        raise Fault("sbom.version", version=spec[:20], known=", ".join(sorted(_KNOWN)))
    wrong = JsonStrictValidator(_KNOWN[spec]).validate_str(text)
    if wrong is not None:
        raise Fault("sbom.malformed", why=_first_line(wrong))
    about = data.get("metadata", {}).get("component", {})
    if about.get("type") != "firmware":
        raise Fault("sbom.type", type=str(about.get("type", "–"))[:40])
    if str(about.get("version", "")).removeprefix("v") != version.removeprefix("v"):
        named, given = str(about.get("name", "–"))[:80], str(about.get("version", "–"))[:80]
        raise Fault("sbom.release", name=named, version=given, expected=version)
    return Read(spec, len(data.get("components", ())))


def _first_line(wrong: object) -> str:
    error = getattr(wrong, "data", wrong)
    where = "/".join(str(part) for part in getattr(error, "absolute_path", ()))
    message = str(getattr(error, "message", error)).splitlines()[0][:160]
    return f"{where}: {message}" if where else message

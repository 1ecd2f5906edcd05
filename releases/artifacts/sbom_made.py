"""The bill of materials that is made from what a release holds, in CycloneDX."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any, Final

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6

if TYPE_CHECKING:
    from releases.artifacts.manifest import File
    from releases.artifacts.sbom import About

_NAMESPACE: Final = uuid.UUID("6f5f9f0a-0d1c-5c0e-9a51-0f1e1d100b0e")


def made(about: About) -> bytes:
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

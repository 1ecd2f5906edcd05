"""Bills of materials in CycloneDX: one that is made from what a release holds, and the check of one that was uploaded.

What is made is the same byte for byte whenever it is made from the same: no time, no random serial number. It is pure,
but for the library that knows the format.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from cyclonedx.schema import SchemaVersion

from releases.artifacts.faults import Fault
from releases.artifacts.manifest import Beside, File

LARGEST: Final = 20 * 1024 * 1024
_KNOWN: Final = {version.to_version(): version for version in SchemaVersion if version >= SchemaVersion.V1_2}


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
    # Each process would import the library's model at its start, for a quarter of a second; few make a bill.
    from releases.artifacts.sbom_made import made

    return made(about)


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

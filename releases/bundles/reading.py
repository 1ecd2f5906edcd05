"""Reads a bundle with distrust and takes only what is proven: signatures first, then what they cover, then the rest.

Nothing is written here, and nothing large is held: firmware is proven when it is read (see `import_bundle`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Final

from releases.artifacts import manifest as manifests
from releases.artifacts import minisign, sums
from releases.artifacts.blocks import BLOCK
from releases.artifacts.faults import Fault
from releases.bundles import layout, tar
from releases.bundles.layout import Found
from releases.bundles.tar import Member
from releases.versions import VERSION

_MOST_SIGNATURES: Final = 16
_SLUG: Final = re.compile(r"[-a-zA-Z0-9_]{1,60}")
_SHA: Final = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature in the bundle: the file's text, read."""

    name: str
    text: str
    signature: minisign.Signature


@dataclass(frozen=True, slots=True)
class Read:
    """A bundle whose documents are all as their sums say. Whether a signature counts is for others to say."""

    manifest: manifests.Manifest
    manifest_bytes: bytes
    sbom: bytes
    sums: bytes
    signatures: Sequence[Signed]
    documents: dict[str, str]
    firmware: dict[str, Member]


def size_of(file: IO[bytes]) -> int:
    """Give the size of a file that can be read anywhere."""
    return file.seek(0, 2)


def read(file: IO[bytes]) -> Read:
    """Give what is in the bundle, everything but the firmware read and compared with its sums.

    Raises Fault: of the archive (`archive.…`), of its files (`bundle.folders`, `bundle.unlisted`, `bundle.missing`,
    `bundle.too_large`, `bundle.differs`, `bundle.manifest`), of the signed documents (`sums.…`, `manifest.…`) and of
    signatures that can never count (`signature.malformed`, `signature.legacy`, `signature.algorithm`).
    """
    found = layout.find(tar.members(file, size_of(file)))
    content = _bytes(file, found.signatures[sums.NAME])
    listed = sums.read(content)
    signatures = _signatures(file, found)
    _check_listed(found, listed)
    manifest_bytes = _proven(file, found.signed[manifests.NAME], listed[manifests.NAME])
    sbom = _proven(file, found.signed[manifests.SBOM_NAME], listed[manifests.SBOM_NAME])
    manifest = manifests.read(manifest_bytes)
    _check_manifest(found, manifest, listed)
    return Read(manifest, manifest_bytes, sbom, content, signatures, _documents(file, found), found.firmware)


def chunks(file: IO[bytes], member: Member) -> Iterator[bytes]:
    """Give the bytes of a member. Raises Fault `archive.truncated`."""
    position, end = member.offset, member.offset + member.size
    while position < end:
        file.seek(position)
        data = file.read(min(BLOCK, end - position))
        if not data:
            raise Fault("archive.truncated", size=position, needed=end)
        position += len(data)
        yield data


def _bytes(file: IO[bytes], member: Member) -> bytes:
    return b"".join(chunks(file, member))


def _proven(file: IO[bytes], member: Member, digest: str) -> bytes:
    content = _bytes(file, member)
    if hashlib.sha256(content).hexdigest() != digest:
        raise Fault("bundle.differs", path=member.path)
    return content


def _signatures(file: IO[bytes], found: Found) -> list[Signed]:
    members = {name: member for name, member in found.signatures.items() if name != sums.NAME}
    if len(members) > _MOST_SIGNATURES:
        raise Fault("archive.too_many", most=_MOST_SIGNATURES)
    signatures = []
    for name, member in sorted(members.items()):
        try:
            text = _bytes(file, member).decode()
        except UnicodeDecodeError:
            raise Fault("signature.malformed", lines=0) from None
        signatures.append(Signed(name, text, minisign.read_signature(text)))
    return signatures


def _check_listed(found: Found, listed: dict[str, str]) -> None:
    """Refuse files beside those that were signed, and signed files that are not there."""
    if extra := sorted(found.signed.keys() - listed.keys()):
        raise Fault("bundle.unlisted", path=found.signed[extra[0]].path)
    if missing := sorted(listed.keys() - found.signed.keys()):
        raise Fault("bundle.missing", path=f"{layout.SIGNED}/{missing[0]}")


def _check_manifest(found: Found, manifest: manifests.Manifest, listed: dict[str, str]) -> None:
    """Refuse a manifest that tells of other files than SHA256SUMS, or of files of another size."""
    told = {file.name: file.sha256 for file in manifest.files}
    told |= {manifests.SBOM_NAME: manifest.sbom_sha256, manifests.NAME: listed[manifests.NAME]}
    if wrong := sorted(name for name in told.keys() | listed.keys() if told.get(name) != listed.get(name)):
        raise Fault("bundle.manifest", path=wrong[0])
    for file in manifest.files:
        if found.signed[file.name].size != file.size:
            raise Fault("bundle.differs", path=found.signed[file.name].path)
    for value, good in (
        (manifest.programme, _SLUG.fullmatch(manifest.programme)),
        (manifest.component, _SLUG.fullmatch(manifest.component)),
        (manifest.version, VERSION.fullmatch(manifest.version)),
        (manifest.commit, _SHA.fullmatch(manifest.commit)),
        (manifest.tag_object, _SHA.fullmatch(manifest.tag_object)),
        (manifest.tag, 0 < len(manifest.tag) <= 300 and manifest.tag.isprintable()),
        *((one.repository, _SLUG.fullmatch(one.repository)) for one in manifest.companions),
        *((one.commit, _SHA.fullmatch(one.commit)) for one in manifest.companions),
        *((one.tag_object, _SHA.fullmatch(one.tag_object)) for one in manifest.companions),
        *((one.tag, 0 < len(one.tag) <= 300 and one.tag.isprintable()) for one in manifest.companions),
        (str(manifest.sequence), 0 <= manifest.sequence < 2**31),
    ):
        if not good:
            raise Fault("manifest.malformed", why=value[:80])
    if found.folder != f"{manifest.component}-{manifest.version}":
        raise Fault("bundle.folders", path=found.folder, folder=f"{manifest.component}-{manifest.version}")


def _documents(file: IO[bytes], found: Found) -> dict[str, str]:
    """Give the texts that are not signed, each as `UNSIGNED-SHA256SUMS` has it."""
    listed = layout.read_unsigned(_bytes(file, found.top[layout.UNSIGNED_SUMS]))
    there = {name: member for name, member in found.top.items() if name != layout.UNSIGNED_SUMS}
    there |= {f"{layout.UNSIGNED}/{name}": member for name, member in found.unsigned.items()}
    there |= {f"{layout.SIGNED}/{name}": member for name, member in found.signatures.items() if name != sums.NAME}
    if extra := sorted(there.keys() - listed.keys()):
        raise Fault("bundle.unlisted", path=extra[0])
    if missing := sorted(listed.keys() - there.keys()):
        raise Fault("bundle.missing", path=missing[0])
    texts = {path: _proven(file, member, listed[path]) for path, member in there.items()}
    try:
        return {
            name: texts[f"{layout.UNSIGNED}/{name}"].decode().replace("\x00", "\N{REPLACEMENT CHARACTER}")
            for name in found.unsigned
        }
    except UnicodeDecodeError:
        raise Fault("bundle.not_text") from None

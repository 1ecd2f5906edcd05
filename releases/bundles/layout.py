"""Where everything lies in a bundle, and which of it the signatures cover. Pure.

<component>-<version>/README.txt              what this is
                      VERIFY.txt              how to check it, command by command
                      UNSIGNED-SHA256SUMS     sums of all that no signature covers, and says so
                      signed/SHA256SUMS       what was signed: sums of everything else in this folder
                      signed/SHA256SUMS.minisig, signed/SHA256SUMS.<key>.minisig
                      signed/manifest.json, signed/sbom.cdx.json, signed/<the firmware>
                      unsigned/notes.<language>.md, unsigned/withdrawn.*, unsigned/fixes.*, unsigned/receipt…
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from releases.artifacts import manifest, sbom, sums
from releases.artifacts.faults import Fault
from releases.bundles.tar import Member

README: Final = "README.txt"
VERIFY: Final = "VERIFY.txt"
UNSIGNED_SUMS: Final = "UNSIGNED-SHA256SUMS"
SIGNED: Final = "signed"
UNSIGNED: Final = "unsigned"
LANGUAGES: Final = ("en", "uk", "nb")
WITHDRAWN: Final = "withdrawn.json"
FIXES: Final = "fixes.json"
UNSIGNED_NAMES: Final = frozenset(
    {WITHDRAWN, "withdrawn.txt", FIXES, "fixes.txt", "receipt.txt", "receipts.csv"}
    | {f"notes.{language}.md" for language in LANGUAGES}
)
LARGEST_DOCUMENT: Final = 8 * 1024 * 1024
_SIGNATURE: Final = re.compile(r"SHA256SUMS(\.[0-9A-F]{16})?\.minisig")
_LINE: Final = re.compile(r"([0-9a-f]{64})  (\S+)")


@dataclass(slots=True)
class Found:
    """The members of an archive by what they are; `signed` and `unsigned` by their name in that folder."""

    folder: str
    top: dict[str, Member] = field(default_factory=dict)
    signed: dict[str, Member] = field(default_factory=dict)
    signatures: dict[str, Member] = field(default_factory=dict)
    unsigned: dict[str, Member] = field(default_factory=dict)

    @property
    def firmware(self) -> dict[str, Member]:
        """What is signed beside the documents: the files that are installed."""
        return {name: member for name, member in self.signed.items() if name not in (manifest.NAME, manifest.SBOM_NAME)}


def find(members: Iterable[Member]) -> Found:
    """Sort the members of a bundle.

    Raises Fault `bundle.folders` (more than one), `bundle.unlisted` (nothing that belongs into a bundle),
    `bundle.missing`, `bundle.too_large` (a document, before any of it is read).
    """
    found: Found | None = None
    for member in members:
        folder, _slash, path = member.path.partition("/")
        found = found or Found(folder)
        if folder != found.folder or not path:
            raise Fault("bundle.folders", path=member.path[:120], folder=found.folder[:120])
        _place(found, path)[path.rpartition("/")[2]] = member
    if found is None:
        raise Fault("bundle.missing", path=f"{SIGNED}/{sums.NAME}")
    for name, there in (
        (README, found.top), (VERIFY, found.top), (UNSIGNED_SUMS, found.top), (sums.NAME, found.signatures),
        (f"{sums.NAME}.minisig", found.signatures), (manifest.NAME, found.signed), (manifest.SBOM_NAME, found.signed),
        *((name, found.unsigned) for name in sorted(UNSIGNED_NAMES)),
    ):  # fmt: skip
        if name not in there:
            raise Fault("bundle.missing", path=name)
    documents = [*found.top.values(), *found.signatures.values(), *found.unsigned.values(), found.signed[manifest.NAME]]
    for member, most in (
        *((document, LARGEST_DOCUMENT) for document in documents),
        (found.signed[manifest.SBOM_NAME], sbom.LARGEST),
    ):
        if member.size > most:
            raise Fault("bundle.too_large", path=member.path, size=member.size, most=most)
    return found


def _place(found: Found, path: str) -> dict[str, Member]:
    """Give where a member of that path belongs. Raises Fault `bundle.unlisted`."""
    folder, _slash, name = path.rpartition("/")
    if folder == "" and name in (README, VERIFY, UNSIGNED_SUMS):
        return found.top
    if folder == SIGNED and (name == sums.NAME or _SIGNATURE.fullmatch(name)):
        return found.signatures
    if folder == SIGNED and sums.SAFE_NAME.fullmatch(name):
        return found.signed
    if folder == UNSIGNED and name in UNSIGNED_NAMES:
        return found.unsigned
    raise Fault("bundle.unlisted", path=path[:120])


def write_unsigned(digests: Mapping[str, str], preamble: str) -> bytes:
    """Give the bytes of `UNSIGNED-SHA256SUMS`: what it is worth, as comments, and the sums by path."""
    lines = [f"# {line}".rstrip() for line in preamble.strip().splitlines()]
    lines += [f"{digests[path]}  {path}" for path in sorted(digests)]
    return ("\n".join(lines) + "\n").encode()


def read_unsigned(content: bytes) -> dict[str, str]:
    """Give the digests by path. Raises Fault `bundle.unsigned_sums`."""
    found: dict[str, str] = {}
    for number, line in enumerate(content.decode("utf-8", errors="replace").splitlines(), start=1):
        if line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None or match[2] in found:
            raise Fault("bundle.unsigned_sums", line=number)
        found[match[2]] = match[1]
    return found

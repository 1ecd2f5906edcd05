"""Writes and reads `SHA256SUMS` as `sha256sum` of GNU coreutils does. Pure.

    <64 hex digits>  <name>

One file a line, ordered by name, each line ended. Names hold nothing that a shell, a file system or `sha256sum -c`
minds, so that no line is ever escaped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from releases.artifacts.faults import Fault

NAME: Final = "SHA256SUMS"
# No slash, no leading dot or dash, no space: what is safe in a folder, an address and a command.
SAFE_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._+-]{0,119}")
_LINE: Final = re.compile(r"([0-9a-f]{64}) [ *](.+)")


def check_name(name: str) -> str:
    """Give the name if a release may hold a file of that name. Raises Fault `file.name`."""
    if SAFE_NAME.fullmatch(name) is None or name.endswith("."):
        raise Fault("file.name", name=name[:120])
    return name


def write(digests: Mapping[str, str]) -> bytes:
    """Give the bytes of `SHA256SUMS` for sha256 digests (hex) by file name. Raises Fault `file.name`."""
    return "".join(f"{digests[name]}  {check_name(name)}\n" for name in sorted(digests)).encode()


def read(content: bytes) -> dict[str, str]:
    """Give the digests by file name. Raises Fault `sums.malformed` (line), `sums.twice` (name), `file.name`."""
    found: dict[str, str] = {}
    try:
        lines = content.decode("ascii").splitlines()
    except UnicodeDecodeError:
        raise Fault("sums.malformed", line=1) from None
    for number, line in enumerate(lines, start=1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise Fault("sums.malformed", line=number)
        name = check_name(match[2])
        if name in found:
            raise Fault("sums.twice", name=name)
        found[name] = match[1]
    return found

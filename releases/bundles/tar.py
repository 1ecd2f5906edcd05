"""Writes tar archives that are the same bytes whenever they hold the same, and reads them with distrust. Pure.

What is read may come from anybody: only plain files in folders are taken, every header is proven by its checksum, and
nothing is believed about sizes that the file itself does not bear out. Nothing is ever unpacked to a disk.
"""

from __future__ import annotations

import re
import tarfile
from dataclasses import dataclass
from typing import IO, Final

from releases.artifacts.faults import Fault

BLOCK: Final = 512
END: Final = bytes(2 * BLOCK)
MOST_MEMBERS: Final = 500
_LARGEST_PAX: Final = 64 * 1024
# What other programs pad an archive with: zeros only, and not many.
_LONGEST_TAIL: Final = 1024 * 1024
_PATH: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._+~-]*(/[A-Za-z0-9_][A-Za-z0-9._+~-]*){0,2}")
_MAGIC: Final = (b"ustar\x0000", b"ustar  \x00")


@dataclass(frozen=True, slots=True)
class Member:
    """A plain file in an archive: its path, and where its bytes are."""

    path: str
    size: int
    offset: int


def header(path: str, size: int, mtime: int) -> bytes:
    """Give the header of a plain file that everybody may read; sizes and paths of any length."""
    info = tarfile.TarInfo(path)
    info.size, info.mtime, info.mode = size, mtime, 0o644
    return info.tobuf(format=tarfile.PAX_FORMAT, errors="strict")


def padding(size: int) -> bytes:
    """Give the zeros that follow a file of `size` bytes."""
    return bytes(-size % BLOCK)


def members(file: IO[bytes], size: int) -> list[Member]:
    """Give the plain files of the archive of `size` bytes, without reading them.

    Raises Fault: `archive.not_tar`, `archive.truncated`, `archive.checksum`, `archive.path`, `archive.kind` (a link, a
    device …), `archive.twice`, `archive.too_many`, `archive.tail`.
    """
    found: dict[str, Member] = {}
    position, pax, headers = 0, {}, 0
    while True:
        block = _read(file, position, BLOCK, size)
        if block == bytes(BLOCK):
            break
        headers += 1
        if headers > 2 * MOST_MEMBERS:
            raise Fault("archive.too_many", most=MOST_MEMBERS)
        kind, name, length = _parse(block, first=position == 0)
        position += BLOCK
        if kind == b"x":
            pax = _pax(_read(file, position, min(length, _LARGEST_PAX + 1), size))
        else:
            path, length = pax.get("path", name), _length(pax, length)
            pax = {}
            if kind == b"5":
                _check_path(path.rstrip("/"))
                length = 0
            else:
                _add(found, kind, Member(path, length, position))
        position += length + len(padding(length))
        if position > size:
            raise Fault("archive.truncated", size=size, needed=position)
    _check_tail(file, position, size)
    return list(found.values())


def _add(found: dict[str, Member], kind: bytes, member: Member) -> None:
    shown = member.path[:120]
    if kind not in (b"0", b"\x00"):
        raise Fault("archive.kind", path=shown)
    _check_path(member.path)
    # Two names that differ in case only are one file on many disks.
    if any(member.path.lower() == path.lower() for path in found):
        raise Fault("archive.twice", path=shown)
    found[member.path] = member


def _check_path(path: str) -> None:
    if len(path) > 400 or _PATH.fullmatch(path) is None or any(part.endswith(".") for part in path.split("/")):
        raise Fault("archive.path", path=path[:120])


def _parse(block: bytes, *, first: bool) -> tuple[bytes, str, int]:
    if block[257:265] not in _MAGIC:
        raise Fault("archive.not_tar") if first else Fault("archive.checksum")
    stated = _number(block[148:156])
    if stated != sum(block[:148]) + 8 * ord(" ") + sum(block[156:]):
        raise Fault("archive.checksum")
    name = _text(block[:100])
    prefix = _text(block[345:500]) if block[257:265] == _MAGIC[0] else ""
    return block[156:157], f"{prefix}/{name}" if prefix else name, _number(block[124:136])


def _number(field: bytes) -> int:
    """Read an octal number, or the binary one that stands where the octal one would be too long."""
    if field[0] & 0x80:
        return int.from_bytes(field[1:], "big") if field[0] == 0x80 else _bad()
    try:
        return int(field.strip(b"\x00 ") or b"0", 8)
    except ValueError:
        return _bad()


def _bad() -> int:
    raise Fault("archive.checksum")


def _text(field: bytes) -> str:
    # What is not ASCII becomes a character that no path may have.
    return field.split(b"\x00", 1)[0].decode("ascii", errors="replace")


def _pax(data: bytes) -> dict[str, str]:
    """Read the records “<length> <name>=<value>” of an extended header."""
    if len(data) > _LARGEST_PAX:
        raise Fault("archive.checksum")
    found: dict[str, str] = {}
    while data:
        digits, space, _rest = data.partition(b" ")
        length = int(digits) if space and digits.isdigit() and len(digits) < 7 else 0
        record = data[len(digits) + 1 : length]
        if not record.endswith(b"\n") or b"=" not in record:
            raise Fault("archive.checksum")
        name, _equals, value = record[:-1].partition(b"=")
        found[name.decode("ascii", errors="replace")] = value.decode("ascii", errors="replace")
        data = data[length:]
    return found


def _length(pax: dict[str, str], length: int) -> int:
    text = pax.get("size")
    if text is None:
        return length
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Fault("archive.checksum")
    return int(text)


def _check_tail(file: IO[bytes], position: int, size: int) -> None:
    if size - position < len(END):
        raise Fault("archive.truncated", size=size, needed=position + len(END))
    if size - position > _LONGEST_TAIL or _read(file, position, size - position, size).strip(b"\x00"):
        raise Fault("archive.tail")


def _read(file: IO[bytes], position: int, length: int, size: int) -> bytes:
    file.seek(position)
    data = file.read(length)
    if len(data) < length:
        raise Fault("archive.truncated", size=size, needed=position + length)
    return data

"""A bundle that is about to be sent: every byte of it is settled, and none is held in memory but the documents.

Any range of it can be given, so that a download over a bad line is carried on where it broke off.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from releases.artifacts.checking import checked_bytes
from releases.artifacts.models import Blob
from releases.bundles import tar
from releases.models import Release


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the bundle: its path below the folder, and its bytes or the stored firmware."""

    path: str
    source: bytes | Blob

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.source) if isinstance(self.source, bytes) else self.source.size

    @property
    def sha256(self) -> str:
        """Its digest."""
        return hashlib.sha256(self.source).hexdigest() if isinstance(self.source, bytes) else self.source.sha256


_Piece = bytes | Blob


@dataclass(frozen=True, slots=True)
class Bundle:
    """The archive: `name` is that of the file, `etag` changes with any byte of it."""

    release: Release
    folder: str
    items: Sequence[Item]
    mtime: int
    team: str = ""
    pieces: list[_Piece] = field(init=False)
    size: int = field(init=False)
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        pieces: list[_Piece] = []
        told = hashlib.sha256(f"{self.folder} {self.mtime}\n".encode())
        for item in self.items:
            told.update(f"{item.sha256} {item.size} {item.path}\n".encode())
            pieces += [
                tar.header(f"{self.folder}/{item.path}", item.size, self.mtime),
                item.source,
                tar.padding(item.size),
            ]
        pieces.append(tar.END)
        object.__setattr__(self, "pieces", pieces)
        object.__setattr__(self, "size", sum(_size(piece) for piece in pieces))
        object.__setattr__(self, "etag", told.hexdigest())

    @property
    def name(self) -> str:
        """What the file is called."""
        return f"{self.folder}.tar"

    @property
    def blobs(self) -> list[Blob]:
        """The firmware in it."""
        return [piece for piece in self.pieces if isinstance(piece, Blob)]

    def read(self, first: int = 0, beyond: int | None = None) -> Iterator[bytes]:
        """Give the bytes from `first` to before `beyond`, firmware proven block by block. Raises Tampered."""
        end = self.size if beyond is None else beyond
        position = 0
        for piece in self.pieces:
            size = _size(piece)
            start, stop = max(first - position, 0), min(end - position, size)
            if start < stop:
                if isinstance(piece, bytes):
                    yield piece[start:stop]
                else:
                    yield from checked_bytes(piece, start, stop)
            position += size


def _size(piece: _Piece) -> int:
    return len(piece) if isinstance(piece, bytes) else piece.size

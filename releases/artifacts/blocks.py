"""The digests of a file: sha256 of the whole, and of each block of 1 MiB, so that any part can be checked alone. Pure.

The digests of the blocks, one after another, are the *leaves*; sha256 over them is the *root*. The root stands in the
signed manifest. A block that is checked against its leaf, under leaves that are checked against the root, is as surely
the signed one as if the whole file had been read: this is what lets a range of a large file be served at once.
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

BLOCK: Final = 1 << 20
_SIZE: Final = 32
# From here on the whole's digest is computed beside that of the block: hashing holds no other thread up.
_WORTH: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class Digest:
    """What is known of a file that was read once. `sha256` is in hex, `leaves` is 32 bytes for each block."""

    sha256: str
    size: int
    leaves: bytes


class _Beside:
    """Threads that hash; a process that was forked gets its own."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        self.pool = ThreadPoolExecutor(os.cpu_count(), "sha256")


_BESIDE: Final = _Beside()
os.register_at_fork(after_in_child=_BESIDE.renew)


class Hasher:
    """Takes a file piece by piece, pieces of any length, and gives its digest. Holds one piece at most."""

    def __init__(self) -> None:
        self._whole = hashlib.sha256()
        self._beside: Future[None] | None = None
        self._block = hashlib.sha256()
        self._in_block = 0
        self._leaves = bytearray()
        self.size = 0

    def update(self, data: bytes) -> None:
        """Take the next piece."""
        self._wait()
        if len(data) < _WORTH:
            self._whole.update(data)
        else:
            self._beside = _BESIDE.pool.submit(self._whole.update, data)
        self.size += len(data)
        view = memoryview(data)
        while view:
            part = view[: BLOCK - self._in_block]
            self._block.update(part)
            self._in_block += len(part)
            view = view[len(part) :]
            if self._in_block == BLOCK:
                self._end_block()

    def _wait(self) -> None:
        beside, self._beside = self._beside, None
        if beside is not None:
            beside.result()

    def digest(self) -> Digest:
        """Give the digest of all that was taken; nothing may be taken afterwards."""
        self._wait()
        if self._in_block:
            self._end_block()
        return Digest(self._whole.hexdigest(), self.size, bytes(self._leaves))

    def _end_block(self) -> None:
        self._leaves += self._block.digest()
        self._block = hashlib.sha256()
        self._in_block = 0


def root_of(leaves: bytes) -> str:
    """Give the root, in hex."""
    return hashlib.sha256(leaves).hexdigest()


def count_of(size: int) -> int:
    """Give how many blocks a file of `size` bytes has."""
    return -(-size // BLOCK)


def is_block(leaves: bytes, number: int, data: bytes) -> bool:
    """Tell whether `data` is the block of that number (from 0)."""
    leaf = leaves[number * _SIZE : (number + 1) * _SIZE]
    return len(leaf) == _SIZE and hashlib.sha256(data).digest() == leaf

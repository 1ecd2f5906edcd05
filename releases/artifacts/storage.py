"""Where the bytes lie: streamed in with their digest computed on the way, moved to their sha256, streamed out.

Any storage of Django does. In a folder a file is moved by renaming it, in an object store by a copy made there.
Nothing here ever holds more than one chunk.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages

from releases.artifacts.blocks import BLOCK, Digest, Hasher

_INCOMING: Final = "artifacts/incoming"
_BLOBS: Final = "artifacts/sha256"
UPLOADS: Final = "artifacts/uploads"


def store() -> Storage:
    """Give the storage of artifacts (`STORAGES["artifacts"]`)."""
    return storages["artifacts"]


@dataclass(frozen=True, slots=True)
class Received:
    """Bytes that came in, under a name of their own until they are kept or dropped."""

    digest: Digest
    stored: str


class _Streamed(File):  # type: ignore[type-arg]  # the stubs know files of one kind only
    """What a storage reads to its end, chunk by chunk, while the digest is computed."""

    def __init__(self, chunks: Iterable[bytes], name: str) -> None:
        super().__init__(None, name)
        self.hasher = Hasher()
        self._parts = self._hashed(chunks)
        self._rest = b""

    def _hashed(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.hasher.update(chunk)
            yield chunk

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Give the chunks as they come (what a folder's storage reads)."""
        return self._parts

    def read(self, size: int = -1) -> bytes:
        """Give at most `size` bytes (what an object store's client reads; it never asks for everything)."""
        while size < 0 or len(self._rest) < size:
            part = next(self._parts, None)
            if part is None:
                break
            self._rest += part
        cut = len(self._rest) if size < 0 else size
        given, self._rest = self._rest[:cut], self._rest[cut:]
        return given

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def open(self, *args: Any, **kwargs: Any) -> Any:
        return self

    def close(self) -> None:
        """Leave nothing open: there is no file."""


def receive(chunks: Iterable[bytes]) -> Received:
    """Stream the chunks into the storage and give their digest. What was written is removed when they break off."""
    content = _Streamed(chunks, "incoming")
    name = f"{_INCOMING}/{uuid.uuid4().hex}"
    try:
        stored = store().save(name, content)
    except BaseException:
        with suppress(Exception):
            store().delete(name)
        raise
    return Received(content.hasher.digest(), stored)


def keep(received: Received) -> str:
    """Move what came in to the name of its sha256, and give that. Bytes already there are replaced by the same."""
    sha256 = received.digest.sha256
    name = f"{_BLOBS}/{sha256[:2]}/{sha256}"
    old, new = path_of(received.stored), path_of(name)
    if old is not None and new is not None:
        new.parent.mkdir(parents=True, exist_ok=True)
        with old.open("rb") as file:
            os.fsync(file.fileno())
        old.replace(new)
        sync_folder(new.parent)
        return name
    storage = store()
    if hasattr(storage, "move"):
        storage.move(received.stored, name)
        return name
    if storage.exists(name):
        storage.delete(name)
    with storage.open(received.stored) as file:
        stored = storage.save(name, file)
    storage.delete(received.stored)
    return stored


def drop(stored: str) -> None:
    """Remove what is not wanted any more; nothing happens where it is gone."""
    with suppress(FileNotFoundError):
        store().delete(stored)


def read_blocks(stored: str, first: int, beyond: int) -> Iterator[bytes]:
    """Give the blocks from number `first` to before `beyond`. Raises OSError where the file is gone."""
    with opened(stored) as file:
        if first:
            file.seek(first * BLOCK)
        for _number in range(first, beyond):
            yield _full(file)


def read_all(stored: str, size: int | None = None) -> Iterator[bytes]:
    """Give all of a stored file in chunks, or its first `size` bytes."""
    left = size
    with opened(stored) as file:
        while chunk := file.read(BLOCK if left is None else min(BLOCK, left)):
            left = None if left is None else left - len(chunk)
            yield chunk


def size_of(stored: str) -> int:
    """Give the size in the storage. Raises OSError where the file is gone."""
    return store().size(stored)


def opened(stored: str) -> IO[bytes]:
    """Open a stored file for reading; in a folder without a buffer, which would only copy once more."""
    path = path_of(stored)
    return path.open("rb", buffering=0) if path is not None else store().open(stored)


def path_of(stored: str) -> Path | None:
    """Give the file's path where the storage is a folder."""
    storage = store()
    return Path(storage.path(stored)) if isinstance(storage, FileSystemStorage) else None


def _full(file: IO[bytes]) -> bytes:
    """Read one block to its end: an unbuffered read may give less."""
    data = file.read(BLOCK)
    while len(data) < BLOCK and (more := file.read(BLOCK - len(data))):
        data += more
    return data


def sync_folder(folder: Path) -> None:
    """Let new names in the folder outlast a crash."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def drop_incoming(*, older_than: datetime) -> None:
    """Remove what a process that was killed left while it came in."""
    storage = store()
    try:
        _folders, names = storage.listdir(_INCOMING)
    except FileNotFoundError:
        return
    for name in names:
        stored = f"{_INCOMING}/{name}"
        if storage.get_modified_time(stored) < older_than:
            drop(stored)

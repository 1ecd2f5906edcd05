"""The bytes of an upload that one request brings, on their way into the storage: appended, settled, or dropped."""

from __future__ import annotations

import fcntl
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from django.core.files.base import ContentFile

from releases.artifacts.storage import UPLOADS, drop, path_of, read_all, store, sync_folder

# So much is lost at most when a machine dies while an upload comes in: lying in a file, or held in memory.
PIECE: Final = 32 << 20
PIECE_HELD: Final = 8 << 20


class Part:
    """What one request brings of an upload: appended to a file in a folder, one object for each piece elsewhere.

    The file is locked while a request writes. What a request before brought (`last`: name, start and size) is carried
    on in its file, unless that request still writes there; then this one has a file of its own. `unsettled` bytes have
    come that nobody counts on yet; `begins` is the place in the upload of the file's first.
    """

    def __init__(self, upload: uuid.UUID, start: int, last: tuple[str, int, int] | None = None) -> None:
        self._prefix = f"{UPLOADS}/{upload}"
        self._held = bytearray()
        self._settled = 0
        self._handed = False
        self.unsettled = 0
        self.begins = start
        self.name = self._new_name()
        self._path = path_of(self.name)
        self._file: IO[bytes] | None = None
        if last is not None and self._path is not None:
            self._carry_on(*last)

    def _carry_on(self, name: str, begins: int, size: int) -> None:
        path = path_of(name)
        file = _locked(path, create=False) if path is not None else None
        if file is not None:
            file.truncate(size)  # what a server that died wrote beyond
            self._file, self._path, self.name = file, path, name
            self._settled, self.begins = size, begins

    @property
    def in_folder(self) -> bool:
        """Tell whether all that is written lies in one file."""
        return self._path is not None

    @property
    def room(self) -> int:
        """Give how many bytes may come before they are to be settled."""
        return (PIECE if self.in_folder else PIECE_HELD) - self.unsettled

    def write(self, data: bytes) -> None:
        """Take the next bytes."""
        if self._path is None:
            self._held += data
        else:
            if self._file is None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._file = _locked(self._path, create=True)
            assert self._file is not None  # its name is new: nobody has locked it
            _write_all(self._file, data)
        self.unsettled += len(data)

    def save(self) -> str:
        """Let all that came outlast a crash; give under which name the unsettled bytes lie (the last, in a folder)."""
        if self._file is not None and self._path is not None:
            os.fdatasync(self._file.fileno())
            if not self._settled:
                sync_folder(self._path.parent)
        else:
            self.name = store().save(self._new_name(), ContentFile(bytes(self._held), name="piece"))
            self._held.clear()
        return self.name

    def settled(self) -> None:
        """Say that what was stored is counted on."""
        self._settled += self.unsettled
        self.unsettled = 0

    def read(self) -> Iterator[bytes]:
        """Give what came: all of it from a file; elsewhere what is unsettled, the rest lies under names of its own."""
        if self._path is None:
            yield bytes(self._held)
        else:
            yield from read_all(self.name)

    def hand_over(self) -> None:
        """Say that the file is about to be an artifact's: it is left as it is from now on."""
        self._handed = True

    def close(self, *, done: bool = False) -> None:
        """Drop what is not settled, and all of it when it is `done` with."""
        file, self._file = self._file, None
        if file is not None:
            with file:
                if self._settled and self.unsettled and not self._handed:
                    file.truncate(self._settled)
        if done or not self._settled or (self._path is None and self.unsettled):
            drop(self.name)
        if done:
            self.unsettled = 0

    def _new_name(self) -> str:
        return f"{self._prefix}/{self.begins + self._settled}-{uuid.uuid4().hex[:8]}"


def _locked(path: Path, *, create: bool) -> IO[bytes] | None:
    """Open the file to append to it alone; None where somebody else does, or where there is none."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | (os.O_CREAT if create else 0), 0o644)
    except FileNotFoundError:
        return None
    file = os.fdopen(descriptor, "ab", buffering=0)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def _write_all(file: IO[bytes], data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]

"""Lets git work beside us: a thread takes its output, and we use each piece while git makes the next."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Final, Self

# How many pieces (of `run.CHUNK`) git may be ahead: the memory stays bounded when what we do is slower than git.
AHEAD: Final = 6
_LOOK: Final = 0.1


class _Closed(Exception):
    """Nobody reads any more; raised into git's thread to end it."""


class Hose:
    """A sink whose pieces are read in another thread than they are written; `work` writes to it and returns.

    Use it as a context: leaving it before the end stops git.
    """

    def __init__(self, work: Callable[[Hose], object]) -> None:
        self._pieces: queue.Queue[bytes | BaseException | None] = queue.Queue(AHEAD)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._work, args=(work,), name="git", daemon=True)

    def write(self, chunk: bytes, /) -> int:
        """Take the next bytes, and wait while the reader is too far behind (called by git's thread)."""
        self._put(chunk)
        return len(chunk)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._closed.set()
        self._thread.join()

    def __iter__(self) -> Iterator[bytes]:
        return self.pieces(every=3600, watch=lambda: None)

    def pieces(self, *, every: float, watch: Callable[[], None]) -> Iterator[bytes]:
        """Give each piece; `watch` is called after every `every` seconds without one. Raises what `work` raised."""
        while True:
            try:
                piece = self._pieces.get(timeout=every)
            except queue.Empty:
                watch()
                continue
            if piece is None:
                return
            if isinstance(piece, BaseException):
                raise piece
            yield piece

    def _put(self, piece: bytes | BaseException | None) -> None:
        while not self._closed.is_set():
            try:
                self._pieces.put(piece, timeout=_LOOK)
            except queue.Full:
                continue
            return
        raise _Closed

    def _work(self, work: Callable[[Hose], object]) -> None:
        try:
            work(self)
            self._put(None)
        except _Closed:
            return
        except BaseException as error:  # noqa: BLE001 -- handed to the reader, who raises it
            if not self._closed.is_set():
                self._put(error)

"""Lets git work beside us: a thread takes its output, and we use each piece while git makes the next."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Final, Generic, Self, TypeVar

# How many pieces (of `run.STREAM_CHUNK` bytes of git's output) may wait: the memory stays bounded when we are slower.
AHEAD: Final = 32
_LOOK: Final = 0.1
_Piece = TypeVar("_Piece")


class _Closed(Exception):
    """Nobody reads any more; raised into git's thread to end it."""


class _End:
    """Comes after the last piece; with the error that ended it."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class Hose(Generic[_Piece]):
    """Pieces are put in by one thread, in which `work` runs until it returns, and read in another.

    Use it as a context: leaving it before the end stops git.
    """

    def __init__(self, work: Callable[[Hose[_Piece]], object]) -> None:
        self._pieces: queue.Queue[_Piece | _End] = queue.Queue(AHEAD)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._work, args=(work,), name="git", daemon=True)

    def put(self, piece: _Piece) -> None:
        """Hand over the next piece, and wait while the reader is too far behind (called by git's thread)."""
        self._put(piece)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._closed.set()
        self._thread.join()

    def __iter__(self) -> Iterator[_Piece]:
        return self.pieces(every=3600, watch=lambda: None)

    def pieces(self, *, every: float, watch: Callable[[], None]) -> Iterator[_Piece]:
        """Give each piece; `watch` is called after every `every` seconds without one. Raises what `work` raised."""
        while True:
            try:
                piece = self._pieces.get(timeout=every)
            except queue.Empty:
                watch()
                continue
            if isinstance(piece, _End):
                if piece.error is not None:
                    raise piece.error
                return
            yield piece

    def _put(self, piece: _Piece | _End) -> None:
        while not self._closed.is_set():
            try:
                self._pieces.put(piece, timeout=_LOOK)
            except queue.Full:
                continue
            return
        raise _Closed

    def _work(self, work: Callable[[Hose[_Piece]], object]) -> None:
        end = _End()
        try:
            work(self)
        except _Closed:
            return
        except BaseException as error:  # noqa: BLE001 -- handed to the reader, who raises it
            end = _End(error)
        if not self._closed.is_set():
            try:
                self._put(end)
            except _Closed:
                return

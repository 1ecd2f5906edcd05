"""One line of progress that rewrites itself on a terminal, and is a line a step elsewhere."""

import time
from typing import Final

from django.core.management.base import OutputWrapper

WORDS: Final = {"mirror": "copying the history", "commits": "reading commits", "releases": "drafting releases"}


class Teller:
    """Called with a step and a count (see `fetch_repository`)."""

    def __init__(self, out: OutputWrapper) -> None:
        self._out = out
        self._terminal = bool(out.isatty())
        self._step = ""
        self._told_at = 0.0

    def __call__(self, step: str, done: int, total: int = 0, /) -> None:
        """Tell it, at most ten times a second."""
        now = time.monotonic()
        if step == self._step and (not self._terminal or now - self._told_at < 0.1):
            return
        self._step, self._told_at = step, now
        told = f"{done >> 20} MB" if step == "mirror" else f"{done}{f' of {total}' if total else ''}"
        line = f"{WORDS.get(step, step)}{f': {told}' if done else ''} …"
        if self._terminal:
            self._out.write(f"\r\x1b[K{line}", ending="")
        else:
            self._out.write(line)

    def close(self) -> None:
        """Leave the line, so that what follows begins a new one."""
        if self._terminal and self._step:
            self._out.write("\r\x1b[K", ending="")

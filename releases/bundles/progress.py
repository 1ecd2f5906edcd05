"""Tells on a terminal how far a long copy is: a line that rewrites itself, and elsewhere a line a file."""

from __future__ import annotations

import time

from django.core.management.base import OutputWrapper


class Progress:
    """Called with what is being done and how many bytes (or lines) of how many."""

    def __init__(self, out: OutputWrapper) -> None:
        self._out = out
        self._terminal = bool(out.isatty())
        self._step = ""
        self._told_at = 0.0

    def __call__(self, step: str, done: int, total: int = 0) -> None:
        """Tell it, at most ten times a second."""
        now = time.monotonic()
        if step == self._step and (not self._terminal or now - self._told_at < 0.1):
            return
        self._step, self._told_at = step, now
        share = f" {100 * done // total} %" if total else f" {done / 1e6:.0f} MB" if done >= 1_000_000 else ""
        line = f"{step}{share} …"
        self._out.write(f"\r\x1b[K{line}" if self._terminal else line, ending="" if self._terminal else "\n")

    def close(self) -> None:
        """Leave the line, so that what follows begins a new one."""
        if self._terminal and self._step:
            self._out.write("\r\x1b[K", ending="")

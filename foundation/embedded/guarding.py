"""The supervisor's side of the guard: starts it, tells it the process groups, starts it again if it dies."""

import contextlib
import subprocess
import sys
from pathlib import Path

GUARD = Path(__file__).with_name("guard.py")


class Guard:
    """Knows the process groups that must not outlive the supervisor."""

    def __init__(self) -> None:
        self.groups: set[int] = set()
        self.process: subprocess.Popen[str] | None = None

    def watch(self) -> None:
        """See to it that the guard runs, and knows every group."""
        if self.process is not None and self.process.poll() is None:
            return
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(GUARD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            text=True,
            bufsize=1,
        )
        for group in self.groups:
            self._tell(f"+{group}")

    def add(self, group: int) -> None:
        self.groups.add(group)
        self._tell(f"+{group}")

    def remove(self, group: int) -> None:
        self.groups.discard(group)
        self._tell(f"-{group}")

    def close(self) -> None:
        """Let the guard go; it finds nothing left to kill after an orderly end."""
        if self.process is not None and self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()
            self.process.wait()

    def _tell(self, line: str) -> None:
        if self.process is not None and self.process.stdin is not None:
            # A dead guard is replaced by `watch`, which tells it everything again.
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.write(line + "\n")

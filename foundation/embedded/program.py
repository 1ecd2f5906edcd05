"""One of our own processes (web, worker, beat, and the preparing command) under the supervisor."""

import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import child
from .guarding import Guard
from .log import Log


@dataclass(kw_only=True)
class Program:
    """How to start and stop a process. `when_we_die` is the signal it gets when the supervisor is killed."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    cwd: Path
    log: Log
    guard: Guard
    when_we_die: str = "KILL"
    stops_within: float = 10.0
    keep: Sequence[int] = ()
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start the process; it may still fail."""
        self.process = child.spawn(
            self.command,
            log=self.log,
            cwd=self.cwd,
            when_we_die=self.when_we_die,
            env=self.env,
            keep=self.keep,
        )
        self.guard.add(self.process.pid)

    def ask_to_stop(self) -> None:
        """Tell the process to finish what it does and end."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """End the process, and whatever it leaves behind."""
        if self.process is not None:
            child.stop(self.process, signal.SIGTERM, within=self.stops_within)
            self.guard.remove(self.process.pid)
            self.process = None

    def close(self) -> None:
        """End the process and write out its log."""
        self.stop()
        self.log.close()

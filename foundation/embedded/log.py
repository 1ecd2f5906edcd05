"""Log files of the supervised processes: each line with its moment and the name of its process."""

import logging.handlers
import subprocess
import threading
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

BYTES_PER_FILE = 10_000_000
FILES_KEPT = 3


class Log:
    """The log file of one process, over all its restarts. Old lines move to `<file>.1`, `.2`, …"""

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self.name = name
        self.tail: deque[str] = deque(maxlen=50)
        self.echo: Callable[[str], None] | None = None
        self._threads: list[threading.Thread] = []
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = logging.handlers.RotatingFileHandler(
            path, maxBytes=BYTES_PER_FILE, backupCount=FILES_KEPT, delay=True, encoding="utf-8"
        )

    def write(self, line: str) -> None:
        """Append one line, prefixed."""
        self.tail.append(line)
        moment = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        text = f"{moment} {self.name:<8} {line}"
        self._file.emit(logging.LogRecord(self.name, logging.INFO, "", 0, text, None, None))

    def follow(self, process: subprocess.Popen[bytes]) -> None:
        """Copy what `process` says, in a thread of its own, until it closes its output."""
        self.tail.clear()
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=self._copy, args=(process,), name=f"log {self.name}", daemon=True)
        thread.start()
        self._threads.append(thread)

    def _copy(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                text = line.decode("utf-8", "replace").rstrip()
                self.write(text)
                if self.echo is not None:
                    self.echo(text)

    def settled(self, *, within: float = 1.0) -> list[str]:
        """Give the last lines, after waiting for those that an ended process wrote at its end."""
        for thread in self._threads:
            thread.join(within)
        return list(self.tail)

    def close(self) -> None:
        """Write out what is left."""
        self.settled()
        self._file.close()

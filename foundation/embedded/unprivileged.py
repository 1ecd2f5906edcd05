"""Who runs an embedded server, and how it comes to its files, when the supervisor is root.

PostgreSQL refuses to run as root. Then it runs as an existing unprivileged account, reaches its data
through its own working folder (so that folders above may stay closed), and its programs are copied to
a system folder where the account cannot reach them in place. No account is added and no folder's
permissions are widened.
"""

import os
import pwd
import shutil
import stat
from pathlib import Path

from .errors import SetupError

CANDIDATES = ("postgres", "nobody")
COPIES = Path("/var/cache/fieldloop")


def account_for(data: Path) -> pwd.struct_passwd | None:
    """Give the account that must run the server on `data`; None means: the one we already are."""
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        # Files keep their owner, whichever accounts were added to the machine since.
        try:
            return pwd.getpwuid(data.stat().st_uid)
        except KeyError:
            raise SetupError(f"{data} belongs to user id {data.stat().st_uid}, which has no account here.") from None
    for name in CANDIDATES:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SetupError(
        f"Root cannot run PostgreSQL, and none of the accounts {', '.join(CANDIDATES)} exists; start as another user."
    )


def is_reachable(path: Path) -> bool:
    """Whether an account without special rights may enter every folder down to `path`."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in (path, *path.resolve().parents))


def reachable_copy(package: Path, version: str, *companions: Path) -> Path:
    """Give `package` where it is if everybody can reach it, else a copy of this version beside its `companions`."""
    if os.geteuid() != 0 or is_reachable(package):
        return package
    stamp = f"{package.name}-{version}"
    copy = COPIES / stamp
    if not copy.exists():
        unfinished = COPIES / f"{stamp}.{os.getpid()}"
        try:
            for source in (package, *companions):
                shutil.copytree(source, unfinished / source.name)
            for folder in (COPIES, unfinished):
                folder.chmod(0o755)
            unfinished.rename(copy)
        except FileExistsError:
            shutil.rmtree(unfinished)
        except OSError as error:
            if not copy.exists():
                raise SetupError(
                    f"{package} is closed to other accounts and cannot be copied to {copy}: {error.strerror}."
                ) from None
            shutil.rmtree(unfinished, ignore_errors=True)
    return copy / package.name

"""A folder that one embedded server owns: made, checked for writing, and locked.

The lock is handed to the server's processes, so it stays taken until the last of them is gone,
however their parent ended. Whoever gets it knows that nobody else works on the files.
"""

import fcntl
import os
import time
from pathlib import Path

from .errors import SetupError


def prepare(folder: Path) -> Path:
    """Give the absolute path of `folder`, made if missing; raises SetupError where it cannot be used."""
    folder = folder.absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise SetupError(f"{folder} cannot be the data folder: a file is in the way.") from None
    except OSError as error:
        raise SetupError(f"Cannot create the folder {folder}: {error.strerror}.") from None
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise SetupError(
            f"The folder {folder} is not writable for this user; change its owner, or set FIELDLOOP_DATA to another."
        )
    return folder


class FolderLock:
    """An exclusive lock on a folder, by a file in it. `descriptor` may be handed to child processes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.descriptor = -1

    def acquire(self, *, wait: float = 0.0) -> bool:
        """Take the lock within `wait` seconds, and say whether that succeeded."""
        try:
            self.descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise SetupError(f"Cannot open {self.path}: {error.strerror}.") from None
        deadline = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    self.release()
                    return False
                time.sleep(0.05)
            else:
                return True

    def release(self) -> None:
        """Let go; children that were handed the descriptor keep the lock until they end."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

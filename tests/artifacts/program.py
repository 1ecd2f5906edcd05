"""Where the tests find minisign; `python -m tests.artifacts.program` installs Debian's if it can."""

import os
import shutil
import subprocess
from functools import cache

MISSING = "NO MINISIGN: the tests with the real program are SKIPPED. Install Debian's package minisign."


@cache
def executable() -> str | None:
    """Give the minisign of this machine, or None."""
    return shutil.which("minisign")


def install() -> None:
    """Install minisign unless it is there; says loudly if that is not possible."""
    if executable() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("set-up: installing Debian's minisign", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        command = ["apt-get", "install", "--yes", "--quiet=2", "--no-install-recommends", "minisign"]
        for arguments in (command, ["apt-get", "update", "--quiet=2"], command):
            done = subprocess.run(arguments, env=environment, capture_output=True, timeout=600, check=False)
            if arguments is command and done.returncode == 0:
                break
        executable.cache_clear()
    if executable() is None:
        print(f"\n{'!' * 100}\n{MISSING}\n{'!' * 100}\n", flush=True)


if __name__ == "__main__":
    install()

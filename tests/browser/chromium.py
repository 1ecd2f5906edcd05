"""Where the browser tests find a Chromium; `python -m tests.browser.chromium` installs one if it can.

As root by Debian's package, otherwise Playwright's own. Where neither works, the browser tests are skipped, and
this says so loudly. The headless shell is taken before the whole browser: it draws the same in two thirds of the time.
"""

import os
import shutil
import subprocess
import sys
from functools import cache

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--no-opt --no-maglev",  # no page lives long enough for its scripts to be worth optimizing
)
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium-headless-shell", "chromium")
MISSING = "NO BROWSER: the browser tests are SKIPPED. Install Debian's chromium, or set CHROMIUM to a program."


@cache
def executable() -> str | None:
    """Give the Chromium that starts on this machine, or None."""
    candidates = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES), _of_playwright()]
    return next((path for path in candidates if path and _starts(path)), None)


def install() -> None:
    """Install a Chromium unless one is there; says loudly if that is not possible."""
    if executable() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("set-up: installing Debian's chromium", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        command = ["apt-get", "install", "--yes", "--quiet=2", "--no-install-recommends"]
        if not _quiet([*command, PACKAGES[0]], environment):
            _quiet(["apt-get", "update", "--quiet=2"], environment)
            any(_quiet([*command, package], environment) for package in PACKAGES)
        executable.cache_clear()
    if executable() is None:
        print("set-up: installing Playwright's chromium", flush=True)
        _quiet([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))
        executable.cache_clear()
    if executable() is None:
        print(f"\n{'!' * 100}\n{MISSING}\n{'!' * 100}\n", flush=True)


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.access(path, os.X_OK) else None


def _starts(path: str) -> bool:
    """Whether it draws an empty page: a browser without its libraries is none."""
    command = [path, "--headless", *ARGUMENTS, "--dump-dom", "about:blank"]
    try:
        return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _quiet(command: list[str], environment: dict[str, str]) -> bool:
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"set-up: {command[0]}: {error}", flush=True)
        return False
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        print(f"set-up: {' '.join(command[:2])}: {lines[-1] if lines else 'failed'}", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    install()

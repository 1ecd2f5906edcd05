"""A history for the bench, and git's own commands on it, which are the floors."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Final

KEYS: Final = 500


def make_history(path: Path, start: int, end: int, *, every: int) -> None:
    """Write commits `start` to `end` through fast-import: every tenth merges a side, every `every`th has a tag."""
    lines = []
    for number in range(start, end + 1):
        message = f"Change {number}\n\nMeasured on the bench.\n\nRefs: ENG-{number % KEYS + 1}\n".encode()
        who = f"A <a@example.org> {1_600_000_000 + number * 60}"
        lines.append(
            f"commit refs/heads/main\nmark :{number}\nauthor {who} +0000\n"
            f"committer {who} +0000\ndata {len(message)}\n".encode()
        )
        lines.append(message + b"\n")
        if number > start:
            lines.append(f"from :{number - 1}\n".encode())
        elif start > 1:
            lines.append(b"from refs/heads/main^0\n")
        if number > start + 20 and number % 10 == 0:
            lines.append(f"merge :{number - 7}\n".encode())
        if number % every == 0:
            lines.append(f"reset refs/tags/v1.{number}\nfrom :{number}\n".encode())
    if start == 1:
        subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(path)], check=True)
    subprocess.run(
        ["git", f"--git-dir={path}", "fast-import", "--quiet", "--done"],
        input=b"".join(lines) + b"done\n",
        check=True,
    )


def by_hand(folder: Path, origin: Path) -> None:
    """Do with git alone what a first fetch asks of it."""
    from releases.git.mirror import FETCH, REFSPECS

    bare = folder / "by-hand.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(bare)], check=True)
    subprocess.run(["git", f"--git-dir={origin}", "config", "uploadpack.allowFilter", "true"], check=True)
    fsck = ["-c", "fetch.fsckObjects=true", "-c", f"remote.origin.url={origin.as_uri()}"]
    command = ["git", *fsck, f"--git-dir={bare}", *FETCH, "--prune", "origin", *REFSPECS]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    git(bare, "commit-graph", "write", "--reachable", "--split", "--no-progress")
    git(bare, "rev-list", "--all", "--topo-order", "--parents")
    git_log(bare)


def git_log_command(mirror: Path, *besides: str) -> list[str]:
    """Give the command that reads the very fields that we read."""
    from releases.git.history import FORMAT

    form = ["-z", "--date=iso-strict-local", f"--format={FORMAT}"]
    return ["git", f"--git-dir={mirror}", "log", "--all", *besides, *form]


def git_log(mirror: Path, *besides: str) -> None:
    """Run it, and throw away what it says."""
    subprocess.run(git_log_command(mirror, *besides), stdout=subprocess.DEVNULL, check=True)


def git_log_memory(mirror: Path) -> int:
    """Give the most memory that it holds, in bytes; asked while it runs, for a parent's counts as a child's."""
    most = 0
    with subprocess.Popen(git_log_command(mirror), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        while process.stdout.read(1 << 18):
            found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process.pid}/status").read_text())
            most = max(most, int(found[1]) << 10 if found else 0)
    return most


def git(mirror: Path, *args: str) -> bytes:
    """Run git in the mirror."""
    return subprocess.run(["git", f"--git-dir={mirror}", *args], capture_output=True, check=True).stdout

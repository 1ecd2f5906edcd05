"""Real git repositories, written by the demo's engineers: commits and tags at their own dates."""

from __future__ import annotations

import os
import subprocess
from datetime import datetime
from pathlib import Path


class Workshop:
    """One bare repository that the demo commits to, on `main`, with an empty tree: only the history matters."""

    def __init__(self, folder: Path, name: str) -> None:
        self.path = folder / f"{name}.git"
        self.head = ""
        if not self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._git("init", "--bare", "--quiet", "--initial-branch=main", str(self.path), inside=False)
        self._tree = self._git("hash-object", "-t", "tree", "-w", "--stdin")

    def commit(self, *, author: str, email: str, at: datetime, message: str) -> str:
        """Commit `message` to main; gives the hash."""
        parent = ("-p", self.head) if self.head else ()
        self.head = self._git("commit-tree", self._tree, *parent, "-F", "-", stdin=message, who=(author, email), at=at)
        self._git("update-ref", "refs/heads/main", self.head)
        return self.head

    def tag(self, name: str, *, author: str, email: str, at: datetime, message: str) -> None:
        """Put an annotated tag on the head of main."""
        self._git("tag", "-a", name, self.head, "-F", "-", stdin=message, who=(author, email), at=at)

    def _git(
        self,
        *arguments: str,
        stdin: str = "",
        who: tuple[str, str] = ("Fieldloop", "demo@nordlys.example"),
        at: datetime | None = None,
        inside: bool = True,
    ) -> str:
        name, email = who
        date = f"{int(at.timestamp())} +0000" if at else "0 +0000"
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.path.parent),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": name,
            "GIT_AUTHOR_EMAIL": email,
            "GIT_AUTHOR_DATE": date,
            "GIT_COMMITTER_NAME": name,
            "GIT_COMMITTER_EMAIL": email,
            "GIT_COMMITTER_DATE": date,
        }
        where = [f"--git-dir={self.path}"] if inside else []
        done = subprocess.run(
            ["git", *where, *arguments],
            input=stdin.encode(),
            env=environment,
            capture_output=True,
            check=True,
        )
        return done.stdout.decode().strip()

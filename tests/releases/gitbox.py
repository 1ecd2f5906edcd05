"""Real git repositories for tests: small ones made step by step, and the long history of a real project."""

import gzip
import os
import random
import subprocess
from pathlib import Path
from typing import Final

import pytest

# The history of a public project (ExpressLRS) as `git fast-export --all` writes it, gzipped. It is far too large to be
# kept here: name a copy in the environment, or lay it into some folder beside this project.
REAL_HISTORY: Final = "expresslrs-history.fast-import.gz"

_ENVIRONMENT: Final = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_COMMITTER_NAME": "Kari Nordmann",
    "GIT_COMMITTER_EMAIL": "kari@example.org",
    "GIT_AUTHOR_NAME": "Kari Nordmann",
    "GIT_AUTHOR_EMAIL": "kari@example.org",
    # Every commit would start another process that looks whether there is anything to tidy up.
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "maintenance.auto",
    "GIT_CONFIG_VALUE_0": "false",
}


class GitBox:
    """A repository with a work tree; every commit is a minute after the one before."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._minute = 0
        path.mkdir(parents=True)
        self.git("init", "--quiet", "--template=", "--initial-branch=main")

    def git(self, *args: str, stdin: str = "", **variables: str) -> str:
        """Run git here and give what it printed."""
        done = subprocess.run(
            ["git", *args],
            cwd=self.path,
            env=_ENVIRONMENT | variables,
            input=stdin,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def commit(self, message: str, *, author: str = "Kari Nordmann <kari@example.org>") -> str:
        """Make a commit without files and give its id."""
        self._minute += 1
        when = f"2026-03-01T{self._minute // 60:02}:{self._minute % 60:02}:00+0000"
        self.git(
            "commit", "--quiet", "--allow-empty", "--allow-empty-message", f"--author={author}", "--file=-",
            stdin=message, GIT_COMMITTER_DATE=when, GIT_AUTHOR_DATE=when,
        )  # fmt: skip
        return self.head()

    def head(self) -> str:
        """Give the id of the checked-out commit."""
        head = (self.path / ".git" / "HEAD").read_text().strip()
        at = self.path / ".git" / head.removeprefix("ref: ")
        return at.read_text().strip() if at.is_file() else self.git("rev-parse", "HEAD")

    def tag(self, name: str, commit: str = "HEAD", *, force: bool = False) -> None:
        """Make an annotated tag."""
        self.git("tag", "--annotate", f"--message={name}", *(["--force"] if force else []), name, commit)

    def branch(self, name: str, start: str = "HEAD") -> None:
        """Make a branch and check it out."""
        self.git("checkout", "--quiet", "-B", name, start)

    def grow(self, dice: random.Random, shas: list[str], number: int, *, commits: int, straight: float = 0.0) -> None:
        """Add so many commits to `shas`: each follows the last one with the chance `straight`, else any one or two.

        `number` tells one growth from another, in what the commits say, when they were made and their branches.
        """
        tree = self.git("mktree")
        for place in range(commits):
            anywhere = dice.sample(shas, min(len(shas), dice.choice([1, 1, 2])))
            parents = shas[-1:] if dice.random() < straight else anywhere
            chosen = [argument for parent in parents for argument in ("-p", parent)]
            when = f"2026-04-01T{number:02}:{place:02}:00+0000"
            dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
            shas.append(self.git("commit-tree", *chosen, "-m", f"{number}.{place}", tree, **dates))
            self.git("update-ref", f"refs/heads/b{number}-{place}", shas[-1])

    def rev_list(self, *args: str) -> set[str]:
        """Give the ids that git itself lists."""
        return set(self.git("rev-list", *args).splitlines())


def real_history(folder: Path) -> Path:
    """Unpack the real history into a bare repository; skips the test where the data is not at hand."""
    packed = _packed_history()
    if packed is None:
        pytest.skip(f"no {REAL_HISTORY} beside the project, and FIELDLOOP_REAL_HISTORY names none")
    subprocess.run(["git", "init", "--quiet", "--bare", "--template=", str(folder)], env=_ENVIRONMENT, check=True)
    subprocess.run(
        ["git", "--git-dir", str(folder), "fast-import", "--quiet", "--done"],
        env=_ENVIRONMENT,
        input=gzip.decompress(packed.read_bytes()),
        check=True,
    )
    subprocess.run(
        ["git", "--git-dir", str(folder), "update-ref", "-d", "refs/heads/_all"], env=_ENVIRONMENT, check=True
    )
    return folder


def _packed_history() -> Path | None:
    if named := os.environ.get("FIELDLOOP_REAL_HISTORY"):
        return Path(named)
    beside = Path(__file__).resolve().parents[3]
    return next(iter(sorted(beside.glob(f"*/data/{REAL_HISTORY}"))), None)


def git_lines(folder: Path, *args: str) -> list[str]:
    """Give the lines that git prints about a bare repository."""
    done = subprocess.run(
        ["git", "--git-dir", str(folder), *args], env=_ENVIRONMENT, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()

"""Real git repositories for tests: small ones made step by step, and the long history of a real project."""

from __future__ import annotations

import gzip
import hashlib
import os
import random
import re
import shutil
import subprocess
import time
import zlib
from datetime import datetime
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


_KARI: Final = "Kari Nordmann <kari@example.org>"
NO_FILES: Final = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_CONFIG: Final = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n"
# Names that git takes without a second thought.
_PLAIN: Final = re.compile(r"[A-Za-z0-9](?!.*\.\.)(?!.*\.lock$)[\w.+-]*(?<!\.)", re.ASCII)
_SHA: Final = re.compile(r"[0-9a-f]{40}")


class GitBox:
    """A repository with a work tree; every commit is a minute after the one before.

    As long as it has no files, its objects and refs are written as git would write them: three processes for each
    commit took longer than what is tested.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.commits = 0
        self._git = path / ".git"
        for folder in ("objects/info", "objects/pack", "refs/heads", "refs/tags"):
            (self._git / folder).mkdir(parents=True)
        (self._git / "HEAD").write_text("ref: refs/heads/main\n")
        (self._git / "config").write_text(_CONFIG)
        self._store("tree", b"")

    @classmethod
    def copy_of(cls, files: Path, path: Path, *, commits: int) -> GitBox:
        """Give another box with these files, in which so many commits were made."""
        shutil.copytree(files, path)
        copy = cls.__new__(cls)
        copy.path, copy._git, copy.commits = path, path / ".git", commits
        return copy

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

    def commit(self, message: str, *, author: str = _KARI) -> str:
        """Make a commit without files and give its id."""
        self.commits += 1
        when = f"2026-03-01T{self.commits // 60:02}:{self.commits % 60:02}:00+0000"
        parent = self._commit_at_head()
        if self._is_plain and parent is not None:
            sha = self._store_commit(_tidy(message), [parent] if parent else [], when, author)
            at = self._git / (self._branch() or "HEAD")
            at.parent.mkdir(parents=True, exist_ok=True)
            at.write_text(f"{sha}\n")
            return sha
        self.git(
            "commit", "--quiet", "--allow-empty", "--allow-empty-message", f"--author={author}", "--file=-",
            stdin=message, GIT_COMMITTER_DATE=when, GIT_AUTHOR_DATE=when,
        )  # fmt: skip
        return self.head()

    def head(self) -> str:
        """Give the id of the checked-out commit."""
        return self._commit_at_head() or self.git("rev-parse", "HEAD")

    def tag(self, name: str, commit: str = "HEAD", *, force: bool = False) -> None:
        """Make an annotated tag."""
        sha = self._commit_at_head() if commit == "HEAD" else commit
        at = self._git / "refs/tags" / name
        plain = self._is_plain and sha and _PLAIN.fullmatch(name) and (force or not at.exists())
        if plain and sha and self._is_commit(sha):
            tagger = f"{_KARI} {int(time.time())} +0000"
            body = f"object {sha}\ntype commit\ntag {name}\ntagger {tagger}\n\n{name}\n"
            at.write_text(f"{self._store('tag', body.encode())}\n")
            return
        self.git("tag", "--annotate", f"--message={name}", *(["--force"] if force else []), name, commit)

    def branch(self, name: str, start: str = "HEAD") -> None:
        """Make a branch and check it out."""
        sha = self._commit_at_head() if start == "HEAD" else start
        if self._is_plain and sha and _PLAIN.fullmatch(name) and self._is_commit(sha):
            (self._git / "refs/heads" / name).write_text(f"{sha}\n")
            (self._git / "HEAD").write_text(f"ref: refs/heads/{name}\n")
            return
        self.git("checkout", "--quiet", "-B", name, start)

    def grow(self, dice: random.Random, shas: list[str], number: int, *, commits: int, straight: float = 0.0) -> None:
        """Add so many commits to `shas`: each follows the last one with the chance `straight`, else any one or two.

        `number` tells one growth from another, in what the commits say, when they were made and their branches.
        """
        for place in range(commits):
            anywhere = dice.sample(shas, min(len(shas), dice.choice([1, 1, 2])))
            parents = shas[-1:] if dice.random() < straight else anywhere
            when = f"2026-04-01T{number:02}:{place:02}:00+0000"
            shas.append(self._store_commit(f"{number}.{place}\n", parents, when))
            (self._git / f"refs/heads/b{number}-{place}").write_text(f"{shas[-1]}\n")

    @property
    def _is_plain(self) -> bool:
        """No files, and every ref a file of its own."""
        return not (self._git / "index").exists() and not (self._git / "packed-refs").exists()

    def _branch(self) -> str:
        head = (self._git / "HEAD").read_text().strip()
        return head.removeprefix("ref: ") if head.startswith("ref: ") else ""

    def _commit_at_head(self) -> str | None:
        """Give the id of the checked-out commit, "" before the first one, None where only git can tell."""
        at = self._git / (self._branch() or "HEAD")
        if at.is_file():
            return at.read_text().strip()
        return "" if self._is_plain else None

    def _is_commit(self, sha: str) -> bool:
        """Tell whether it is the id of a commit that is a file of its own and has no files."""
        at = self._git / "objects" / sha[:2] / sha[2:]
        if not _SHA.fullmatch(sha) or not at.is_file():
            return False
        kind, _, content = zlib.decompress(at.read_bytes()).partition(b"\0")
        return kind.startswith(b"commit ") and content.startswith(f"tree {NO_FILES}\n".encode())

    def _store_commit(self, message: str, parents: list[str], when: str, author: str = _KARI) -> str:
        moment = f"{datetime.fromisoformat(when).timestamp():.0f} +0000"
        lines = [f"tree {NO_FILES}", *(f"parent {parent}" for parent in parents)]
        lines += [f"author {author} {moment}", f"committer {_KARI} {moment}", "", message]
        return self._store("commit", "\n".join(lines).encode())

    def _store(self, kind: str, content: bytes) -> str:
        whole = f"{kind} {len(content)}\0".encode() + content
        sha = hashlib.sha1(whole).hexdigest()
        at = self._git / "objects" / sha[:2] / sha[2:]
        at.parent.mkdir(exist_ok=True)
        at.write_bytes(zlib.compress(whole, 1))
        return sha

    def rev_list(self, *args: str) -> set[str]:
        """Give the ids that git itself lists."""
        return set(self.git("rev-list", *args).splitlines())


def _tidy(message: str) -> str:
    """Give the message as `git commit` keeps it: no blanks that end a line, no blank lines around it or in rows."""
    lines = "\n".join(line.rstrip() for line in message.split("\n")).strip("\n")
    return re.sub(r"\n{3,}", "\n\n", lines) + "\n" * bool(lines)


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

"""Branches and tags at one moment, and what changed between two moments."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from releases.git.errors import N_, GitError, GitTooLarge
from releases.git.run import Mirror

MAX_REFS: Final = 50_000
MAX_NAME: Final = 300
MAX_NESTING: Final = 5
HEADS: Final = "refs/heads/"
TAGS: Final = "refs/tags/"
_ID: Final = re.compile(r"[0-9a-f]{40}", re.ASCII)

Kind = Literal["created", "moved", "forced", "deleted"]


@dataclass(frozen=True, slots=True)
class Ref:
    """A name and what it stands for: `target` is the object named, `commit` what it peels to.

    For an annotated tag `target` is the tag object; `commit` is empty for a tag on anything but a commit.
    """

    name: str
    target: str
    commit: str

    @property
    def tag(self) -> str:
        """The short name of a tag; empty for a branch."""
        return self.name.removeprefix(TAGS) if self.name.startswith(TAGS) else ""


@dataclass(frozen=True, slots=True)
class RefChange:
    """One name whose object is another than before."""

    name: str
    kind: Kind
    old: str
    new: str

    @property
    def tag(self) -> str:
        """The short name of a tag; empty for a branch."""
        return self.name.removeprefix(TAGS) if self.name.startswith(TAGS) else ""


def snapshot(mirror: Mirror) -> dict[str, Ref]:
    """Give every branch and tag of the mirror by its full name. Names too long to store are left out."""
    # Of an annotated tag its own words about its target are read, never the target: that may not be here.
    fields = "%(objecttype) %(objectname) %(type) %(object) %(refname)"
    listed = mirror.run("for-each-ref", f"--format={fields}", HEADS, TAGS)
    lines = [line.decode("utf-8", "backslashreplace").split(" ", 4) for line in listed.splitlines()]
    if len(lines) > MAX_REFS:
        raise GitTooLarge(
            N_("The repository has %(count)s branches and tags; at most %(most)s are read."),
            count=len(lines),
            most=MAX_REFS,
        )
    nested = _peel(mirror, {inner for _kind, _sha, kind, inner, _name in lines if kind == "tag"})
    refs: dict[str, Ref] = {}
    for kind, sha, inner_kind, inner, name in lines:
        peeled = {"commit": sha, "tag": inner if inner_kind == "commit" else nested.get(inner, "")}
        if len(name) <= MAX_NAME:
            refs[name] = Ref(name, sha, peeled.get(kind, ""))
    return refs


def _peel(mirror: Mirror, tags: set[str]) -> dict[str, str]:
    """Give the commit behind each tag object that is itself the target of a tag; few projects have any."""
    found: dict[str, str] = {}
    for tag in sorted(tags):
        sha, kind = tag, "tag"
        for _depth in range(MAX_NESTING):
            if kind != "tag":
                break
            target, kind_line = mirror.run("cat-file", "tag", sha).split(b"\n", 2)[:2]
            sha, kind = target.removeprefix(b"object ").decode(), kind_line.removeprefix(b"type ").decode()
        if kind == "commit":
            found[tag] = sha
    return found


def changes(
    before: Mapping[str, str], after: Mapping[str, str], *, is_ancestor: Callable[[str, str], bool]
) -> list[RefChange]:
    """Give what happened between two maps of full name → object, by name.

    A branch whose old tip is no ancestor of the new one was *forced*. A tag that names another object was
    *moved*, whatever the ancestry: a tag is a promise.
    """
    result: list[RefChange] = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, ""), after.get(name, "")
        if old == new:
            continue
        kind: Kind
        if not old:
            kind = "created"
        elif not new:
            kind = "deleted"
        elif name.startswith(TAGS) or is_ancestor(old, new):
            kind = "moved"
        else:
            kind = "forced"
        result.append(RefChange(name, kind, old, new))
    return result


def is_ancestor(mirror: Mirror, old: str, new: str) -> bool:
    """Tell whether commit `old` is `new` or one of its ancestors; False where git no longer has one of them."""
    if not (_ID.fullmatch(old) and _ID.fullmatch(new)):
        return False
    try:
        mirror.run("merge-base", "--is-ancestor", old, new)
    except GitError:
        return False
    return True

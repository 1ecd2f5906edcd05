"""Whole histories of real projects, taken in by the product and compared with git, tag by tag.

They lie beside the project, as bare repositories below the folder that FIELDLOOP_HISTORIES names; nothing of them is
part of it. `python -m tests.releases FOLDER` prints figures on a database of its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Final

from django.utils.text import slugify

from foundation.accounts.actors import SYSTEM
from foundation.catalogue.actions.add_component import add_component
from releases.actions.add_repository import add_repository
from releases.actions.fetch_repository import fetch_repository
from releases.contents import commits_in
from releases.git.membership import membership
from releases.git.refs import snapshot
from releases.git.run import open_mirror
from releases.mirrors import mirror_access, mirror_path
from releases.models import Commit, ContentClass, Release
from releases.news import new_in, released_ancestors
from tests.cast import Cast
from tests.releases.gitbox import git_lines

VARIABLE: Final = "FIELDLOOP_HISTORIES"
EVERY_TAG: Final = r"^(.+)$"


def histories(folder: str = "") -> list[Path]:
    """Give the bare repositories below the folder, at most two steps down."""
    named = folder or os.environ.get(VARIABLE, "")
    found = [path.parent for depth in ("*", "*/*") for path in Path(named).glob(f"{depth}/HEAD")] if named else []
    return sorted(path for path in found if (path / "objects").is_dir())


@dataclass(slots=True)
class Compared:
    """What came of one history; `differing` names the tags whose contents are not git's."""

    name: str
    commits: int = 0
    tags: int = 0
    releases: int = 0
    classes: int = 0
    seconds: float = 0.0
    differing: list[str] = field(default_factory=list)


def take_in(origin: Path, cast: Cast) -> Compared:
    """Register and fetch the history, every tag a release where its name can be a version, and compare."""
    name = origin.parent.name
    component = add_component(actor=SYSTEM, programme=cast.programme, name=name, slug=slugify(name))
    repository = add_repository(
        actor=SYSTEM, component=component, url=str(origin), name=name, tag_pattern=EVERY_TAG,
        local_path=origin,
    )  # fmt: skip
    began = perf_counter()
    fetch_repository(actor=SYSTEM, repository=repository)
    result = Compared(repository.name, seconds=perf_counter() - began)
    result.commits = Commit.objects.filter(repository=repository).count()
    result.classes = ContentClass.objects.filter(repository=repository).count()
    with open_mirror(mirror_path(repository), mirror_access()) as mirror:
        tags = {ref.tag: ref.commit for ref in snapshot(mirror).values() if ref.tag and ref.commit}
        inside = membership(mirror, dict(enumerate(tags.values())))
    result.tags = len(tags)
    by_tag = {release.tag: release for release in Release.objects.filter(repository=repository)}
    result.releases = len(by_tag)
    if result.commits != int(git_lines(origin, "rev-list", "--count", "--branches", "--tags")[0]):
        result.differing.append("(all)")
    for bit, tag in enumerate(tags):
        if tag in by_tag:
            same = equals_git(origin, by_tag[tag], set(tags))
        else:  # a name that cannot be a version, such as "2.3/rc"
            held = {sha.decode() for sha, bits in inside.items() if bits >> bit & 1}
            same = held == set(git_lines(origin, "rev-list", f"refs/tags/{tag}"))
        result.differing += [] if same else [tag]
    return result


def equals_git(origin: Path, release: Release, tags: set[str]) -> bool:
    """Tell whether what the release holds, and what is new in it, is what `git rev-list` says."""
    tag = f"refs/tags/{release.tag}"
    held = set(commits_in(release).values_list("sha", flat=True))
    bases = [f"^refs/tags/{base.tag}" for base in released_ancestors(release) if base.tag in tags]
    fresh = set(new_in(release).values_list("sha", flat=True))
    return held == set(git_lines(origin, "rev-list", tag)) and fresh == set(git_lines(origin, "rev-list", tag, *bases))


def figures(folder: str) -> Iterator[str]:
    """Give one line of figures for each history."""
    from tests.cast import assemble

    cast = assemble()
    for path in histories(folder):
        found = take_in(path, cast)
        yield (
            f"{found.name}: {found.commits:,} commits, {found.tags} tags, {found.releases} releases, "
            f"{found.classes} classes, first fetch {found.seconds:.1f} s, differing: {found.differing or 'none'}\n"
        )

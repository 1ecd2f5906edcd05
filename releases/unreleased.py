"""What a repository's default branch has that no release before it had: what would be new in a release cut now."""

from __future__ import annotations

import re
from dataclasses import dataclass

from releases.effects import History
from releases.models import Commit, Companion, RefEvent, Release, Repository
from releases.parts import tips_of
from releases.versions import natural, version_of


@dataclass(frozen=True, slots=True)
class Unreleased:
    """The tip of the default branch, the newest release that it descends from, and the commits that are new there."""

    repository: Repository
    tip: Commit
    base: Release | None
    commit_ids: frozenset[int]
    tag: str

    @property
    def version(self) -> str:
        """The version that the proposed tag stands for."""
        return version_of(self.tag, self.repository.tag_pattern)


def unreleased(repository: Repository) -> Unreleased | None:
    """Give what a release cut now would bring; None while there is no default branch. Reads the whole graph."""
    last = RefEvent.objects.filter(repository=repository, ref=f"refs/heads/{repository.default_branch}")
    sha = last.order_by("-id").values_list("new", flat=True).first() or ""
    tip = Commit.objects.filter(repository=repository, sha=sha).select_related("repository__component").first()
    if tip is None:
        return None
    rows = Commit.objects.filter(repository=repository).values_list("sha", "parents", "pk")
    ids = {commit: pk for commit, _parents, pk in rows}
    history = History({commit: parents for commit, parents, _pk in rows})
    inside = history.ancestors(sha)
    # As `contents.released_ancestors` has it: candidates are no base.
    at = dict(tips_of(repository))
    released = Release.objects.released().filter(pk__in=at, is_candidate=False)
    bases = [release for release in released.order_by("-sequence") if at[release.pk] in inside]
    old: set[str] = set()
    for release in bases:
        if at[release.pk] not in old:
            old |= history.ancestors(at[release.pk])
    base = bases[0] if bases else None
    return Unreleased(repository, tip, base, frozenset(ids[one] for one in inside - old), _next_tag(repository))


def _next_tag(repository: Repository) -> str:
    """Propose a tag: the last number of the highest final version, and one more, written as its tag is."""
    own = Release.objects.filter(repository=repository, is_candidate=False).values_list("version", "tag")
    beside = Companion.objects.filter(repository=repository, release__is_candidate=False)
    joined = [(version_of(tag, repository.tag_pattern), tag) for tag in beside.values_list("tag", flat=True)]
    finals = [*own, *((version, tag) for version, tag in joined if version)]
    if not finals:
        return "v0.1.0"
    version, tag = max(finals, key=lambda found: natural(found[0]))
    numbers = list(re.finditer(r"\d+", version))
    last = numbers[-1]
    following = f"{version[: last.start()]}{int(last[0][:18]) + 1}{version[last.end() :]}"
    return tag.replace(version, following, 1) if version in tag else f"v{following}"

"""What is in a release and what is new in it, asked of the stored classes (see `git/membership.py`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from releases.models import Commit, ContentClass, Correction, Release
from releases.querysets import CommitQuerySet, ReleaseQuerySet

Held = ContentClass.releases.through


def holders(commits: Collection[Commit]) -> frozenset[int]:
    """Give the ids of the releases in which *every* one of `commits` is in effect; none for no commits.

    Ancestry, corrected: not where it was taken back, and also where a copy of it came in. Two queries.
    """
    held = releases_holding({commit.pk for commit in commits})
    return frozenset.intersection(*held.values()) if held else frozenset()


def releases_holding(commit_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Give, for each commit id, the ids of the releases in which it is in effect. Four queries."""
    wanted = list(commit_ids)
    twins = _twins(wanted)
    releases = _releases_of({class_id for found in twins.values() for class_id in found})
    held = {commit: set().union(*(releases.get(one, set()) for one in found)) for commit, found in twins.items()}
    for commit, release, holds in Correction.objects.filter(commit__in=twins).values_list(
        "commit_id", "release_id", "holds"
    ):
        (held[commit].add if holds else held[commit].discard)(release)
    return {commit: frozenset(found) for commit, found in held.items()}


def _twins(commit_ids: Collection[int]) -> dict[int, list[int]]:
    """Give, for each commit id, the classes of the very same commit in each repository of its component. 2 queries."""
    found: dict[int, list[int]] = {pk: [] for pk in commit_ids}
    rows = Commit.objects.filter(pk__in=commit_ids).values_list("pk", "sha", "repository__component_id")
    by_sha: dict[tuple[str, int], list[int]] = {}
    for pk, sha, component in rows:
        by_sha.setdefault((sha, component), []).append(pk)
    same = Commit.objects.filter(
        sha__in={sha for sha, _component in by_sha}, repository__component__in={c for _sha, c in by_sha}
    ).exclude(content_class=None)
    for sha, component, class_id in same.values_list("sha", "repository__component_id", "content_class_id"):
        for pk in by_sha.get((sha, component), ()):
            found[pk].append(class_id)
    return found


def contains(release: Release, commit: Commit) -> bool:
    """Tell whether `commit` is in `release`: whether the release's commit is it or descends from it (as git has it)."""
    return bool(Held.objects.filter(release=release, contentclass=commit.content_class_id).exists())


def is_in(release: Release, commits: Iterable[Commit]) -> dict[int, bool]:
    """Tell for each commit id whether it is in effect in `release`. Three queries."""
    return {pk: release.pk in held for pk, held in releases_holding({commit.pk for commit in commits}).items()}


def corrections_in(release: Release, commits: Iterable[Commit]) -> dict[int, Correction]:
    """Give, by commit id, where `release` differs from ancestry for these commits, and by which commit. One query."""
    found = Correction.objects.filter(release=release, commit__in=[commit.pk for commit in commits])
    return {correction.commit_id: correction for correction in found.select_related("by")}


def commits_in(release: Release) -> CommitQuerySet:
    """Give every commit that is in `release`."""
    return Commit.objects.filter(content_class__in=_classes_of(release))


def releases_that_follow(release_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Give, for each release id, the ids of the releases that it is in, itself among them. Four queries."""
    commit_of = dict(Release.objects.filter(pk__in=list(release_ids)).values_list("pk", "commit_id"))
    inside = _ancestry(commit_of.values())
    return {release: frozenset(inside[commit]) | {release} for release, commit in commit_of.items()}


def in_effect(release: Release) -> Q:
    """Give the condition under which a commit is in effect in `release`: ancestry, corrected."""
    mine = Correction.objects.filter(commit=OuterRef("pk"), release=release)
    return (Q(content_class__in=_classes_of(release)) & ~Exists(mine.filter(holds=False))) | Exists(
        mine.filter(holds=True)
    )


def only_in(release: Release, other: Release) -> CommitQuerySet:
    """Give the commits in effect in `release` and not in `other`; neither need descend from the other."""
    found = Commit.objects.filter(in_effect(release)).exclude(in_effect(other))
    if release.repository_id != other.repository_id:
        # Two repositories of one component may have the very same commit.
        found = found.exclude(sha__in=Commit.objects.filter(in_effect(other)).values("sha"))
    return found


def released_ancestors(release: Release) -> ReleaseQuerySet:
    """Give what had been shipped of this history before `release`: what is in one of them is not new.

    Candidates are no base for a final; of two releases of one commit the one that was frozen first is.
    """
    ancestors = (
        Release.objects.released()
        .filter(repository=release.repository_id, commit__content_class__in=_classes_of(release))
        .exclude(pk=release.pk)
        .exclude(Q(commit=release.commit_id) & Q(sequence__gte=release.sequence))
    )
    return ancestors if release.is_candidate else ancestors.filter(is_candidate=False)


def new_in(release: Release) -> CommitQuerySet:
    """Give the commits that are in `release` and in no release that was shipped before it. Two queries."""
    shipped = Held.objects.filter(release__in=released_ancestors(release).values("pk")).values("contentclass_id")
    found = Commit.objects.filter(content_class__in=_classes_of(release).exclude(contentclass_id__in=shipped))
    elsewhere = _shipped_elsewhere(release)
    if elsewhere:
        classes = Held.objects.filter(release__in=elsewhere).values("contentclass_id")
        found = found.exclude(sha__in=Commit.objects.filter(content_class__in=classes).values("sha"))
    return found


def _shipped_elsewhere(release: Release) -> list[int]:
    """Give the ids of what had been shipped of this history from other repositories of the component: its forks."""
    here = Commit.objects.filter(repository=release.repository_id, content_class__in=_classes_of(release))
    ancestors = (
        Release.objects.released()
        .filter(component=release.component_id, sequence__lt=release.sequence, commit__sha__in=here.values("sha"))
        .exclude(repository=release.repository_id)
    )
    if not release.is_candidate:
        ancestors = ancestors.filter(is_candidate=False)
    return list(ancestors.values_list("pk", flat=True))


def new_commit_times(releases: Collection[Release]) -> dict[int, list[datetime]]:
    """Give, for each release, when each of the commits that `new_in` gives was committed. Four queries for all."""
    of = {release.repository_id for release in releases}
    shipped = list(Release.objects.released().filter(repository__in=of).select_related("commit"))
    inside: dict[int, set[int]] = {release.pk: set() for release in (*releases, *shipped)}
    for release_id, held in Held.objects.filter(release__in=inside).values_list("release_id", "contentclass_id"):
        inside[release_id].add(held)
    new = {
        release.pk: inside[release.pk].difference(
            *(inside[other.pk] for other in shipped if _ships_before(other, release, inside[release.pk]))
        )
        for release in releases
    }
    times: dict[int | None, list[datetime]] = {}
    commits = Commit.objects.filter(content_class__in=set().union(*new.values()))
    for held, at in commits.values_list("content_class_id", "committed_at"):
        times.setdefault(held, []).append(at)
    return {release: [at for held in classes for at in times.get(held, ())] for release, classes in new.items()}


def _ships_before(other: Release, release: Release, inside: Collection[int]) -> bool:
    """The same as `released_ancestors`, of releases that are read already; `inside` are the classes of `release`."""
    if other.pk == release.pk or other.repository_id != release.repository_id:
        return False
    if other.commit_id == release.commit_id and other.sequence >= release.sequence:
        return False
    return other.commit.content_class_id in inside and (release.is_candidate or not other.is_candidate)


def first_release_of(commit: Commit) -> Release | None:
    """Give the release that brought `commit` first: it is in effect there and in none of the release's ancestors.

    Where several lines of releases brought it, the one that was frozen first. Draft or published alike.
    """
    holding = list(
        Release.objects.filter(pk__in=holders([commit])).select_related("commit", "component").order_by("sequence")
    )
    inside = _ancestry({release.commit_id for release in holding})
    for release in holding:
        ancestors = [
            other for other in holding if other.commit_id != release.commit_id and release.pk in inside[other.commit_id]
        ]
        if not ancestors:
            return release
    return None


def first_releases(commit_ids: Iterable[int]) -> dict[int, Release]:
    """Give, for each commit id that is in any release, the first; as `first_release_of`, for many. Seven queries."""
    held = releases_holding(commit_ids)
    releases = Release.objects.filter(pk__in=set().union(*held.values())).select_related("component").in_bulk()
    inside = _ancestry({release.commit_id for release in releases.values()})
    found: dict[int, Release] = {}
    for commit, pks in held.items():
        holding = sorted((releases[pk] for pk in pks), key=lambda release: release.sequence)
        for release in holding:
            if not any(o.commit_id != release.commit_id and release.pk in inside[o.commit_id] for o in holding):
                found[commit] = release
                break
    return found


def _ancestry(commit_ids: Iterable[int]) -> dict[int, set[int]]:
    """Give, for each commit id, the ids of the releases that it is in, as git has it. Three queries."""
    twins = _twins(list(commit_ids))
    releases = _releases_of({class_id for found in twins.values() for class_id in found})
    return {commit: set().union(*(releases.get(one, set()) for one in found)) for commit, found in twins.items()}


def _releases_of(classes: Collection[int]) -> dict[int, set[int]]:
    """Give, for each content class, the ids of the releases that hold it. One query."""
    found: dict[int, set[int]] = {}
    for class_id, release_id in Held.objects.filter(contentclass_id__in=classes).values_list(
        "contentclass_id", "release_id"
    ):
        found.setdefault(class_id, set()).add(release_id)
    return found


def newest_first(commits: CommitQuerySet) -> CommitQuerySet:
    """Order commits for people: by when they were committed, newest first."""
    return commits.order_by(F("committed_at").desc(), "-pk")


def _classes_of(release: Release) -> QuerySet[Any, dict[str, int]]:
    classes: QuerySet[Any, dict[str, int]] = Held.objects.filter(release=release).values("contentclass_id")
    return classes

"""What is in a release and what is new in it, asked of the stored classes (see `git/membership.py`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from releases.models import Commit, ContentClass, Release
from releases.querysets import CommitQuerySet, ReleaseQuerySet

Held = ContentClass.releases.through


def holders(commits: Collection[Commit]) -> frozenset[int]:
    """Give the ids of the releases that hold *every* one of `commits`; none for no commits. One query."""
    classes = {commit.content_class_id for commit in commits}
    if not classes or None in classes:
        return frozenset()
    return frozenset(
        Held.objects.filter(contentclass_id__in=classes)
        .values("release_id")
        .annotate(held=Count("contentclass_id"))
        .filter(held=len(classes))
        .values_list("release_id", flat=True)
    )


def releases_holding(commit_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Give, for each commit id, the ids of the releases that hold it. Two queries."""
    class_of = dict(Commit.objects.filter(pk__in=list(commit_ids)).values_list("pk", "content_class_id"))
    releases: dict[int, set[int]] = {}
    for class_id, release_id in Held.objects.filter(
        contentclass_id__in={found for found in class_of.values() if found}
    ).values_list("contentclass_id", "release_id"):
        releases.setdefault(class_id, set()).add(release_id)
    return {commit: frozenset(releases.get(found or 0, ())) for commit, found in class_of.items()}


def contains(release: Release, commit: Commit) -> bool:
    """Tell whether `commit` is in `release`: whether the release's commit is it or descends from it."""
    return bool(Held.objects.filter(release=release, contentclass=commit.content_class_id).exists())


def is_in(release: Release, commits: Iterable[Commit]) -> dict[int, bool]:
    """Tell for each commit id whether it is in `release`. One query."""
    found = list(commits)
    classes = set(
        Held.objects.filter(
            release=release, contentclass__in={commit.content_class_id for commit in found if commit.content_class_id}
        ).values_list("contentclass_id", flat=True)
    )
    return {commit.pk: commit.content_class_id in classes for commit in found}


def commits_in(release: Release) -> CommitQuerySet:
    """Give every commit that is in `release`."""
    return Commit.objects.filter(content_class__in=_classes_of(release))


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
    """Give the commits that are in `release` and in no release that was shipped before it. One query."""
    shipped = Held.objects.filter(release__in=released_ancestors(release).values("pk")).values("contentclass_id")
    return Commit.objects.filter(content_class__in=_classes_of(release).exclude(contentclass_id__in=shipped))


def first_release_of(commit: Commit) -> Release | None:
    """Give the release that brought `commit` first: one that holds it and no other release that does, too.

    Where several lines of releases brought it, the one that was frozen first. Draft or published alike.
    """
    holding = list(
        Release.objects.filter(content_classes=commit.content_class_id)
        .select_related("commit", "component")
        .order_by("sequence")
    )
    inside = releases_holding({release.commit_id for release in holding})
    for release in holding:
        ancestors = [
            other for other in holding if other.commit_id != release.commit_id and release.pk in inside[other.commit_id]
        ]
        if not ancestors:
            return release
    return None


def newest_first(commits: CommitQuerySet) -> CommitQuerySet:
    """Order commits for people: by when they were committed, newest first."""
    return commits.order_by(F("committed_at").desc(), "-pk")


def _classes_of(release: Release) -> QuerySet[Any, dict[str, int]]:
    classes: QuerySet[Any, dict[str, int]] = Held.objects.filter(release=release).values("contentclass_id")
    return classes

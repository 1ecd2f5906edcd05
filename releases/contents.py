"""What is in a release, asked of the stored classes (see `git/membership.py`); what is new in it: `news.py`.

A release that is built from several repositories holds what each of its commits there descends from: the union.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from releases.models import Commit, Companion, ContentClass, Correction, Release
from releases.parts import Part, parts_of, parts_of_all
from releases.querysets import CommitQuerySet

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
    return _in_effect(_twins(wanted))


def _in_effect(twins: Mapping[int, Mapping[int, int]]) -> dict[int, frozenset[int]]:
    held = _held_by(twins)
    for commit, release, holds in Correction.objects.filter(commit__in=twins).values_list(
        "commit_id", "release_id", "holds"
    ):
        (held[commit].add if holds else held[commit].discard)(release)
    return {commit: frozenset(found) for commit, found in held.items()}


def _twins(commit_ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Give, for each commit id, by repository of its component, the class of the very same commit there. 2 queries."""
    found: dict[int, dict[int, int]] = {pk: {} for pk in commit_ids}
    rows = Commit.objects.filter(pk__in=commit_ids).values_list("pk", "sha", "repository__component_id")
    by_sha: dict[tuple[str, int], list[int]] = {}
    for pk, sha, component in rows:
        by_sha.setdefault((sha, component), []).append(pk)
    same = Commit.objects.filter(
        sha__in={sha for sha, _component in by_sha}, repository__component__in={c for _sha, c in by_sha}
    ).exclude(content_class=None)
    columns = same.values_list("sha", "repository__component_id", "repository_id", "content_class_id")
    for sha, component, repository, class_id in columns:
        for pk in by_sha.get((sha, component), ()):
            found[pk][repository] = class_id
    return found


def contains(release: Release, commit: Commit) -> bool:
    """Tell whether `commit` is in `release`: a commit of the release is it or descends from it (as git has it)."""
    return bool(Held.objects.filter(release=release, contentclass=commit.content_class_id).exists())


def is_in(release: Release, commits: Iterable[Commit]) -> dict[int, bool]:
    """Tell for each commit id whether it is in effect in `release`. Three queries."""
    return {pk: release.pk in held for pk, held in releases_holding({commit.pk for commit in commits}).items()}


def corrections_in(release: Release, commits: Iterable[Commit]) -> dict[int, Correction]:
    """Give, by commit id, where `release` differs from ancestry for these commits, and by which commit. One query."""
    found = Correction.objects.filter(release=release, commit__in=[commit.pk for commit in commits])
    return {correction.commit_id: correction for correction in found.select_related("by")}


def commits_in(release: Release) -> CommitQuerySet:
    """Give every commit that is in `release`, once. A query for its companions."""
    return once(release, Commit.objects.filter(content_class__in=classes_of(release)))


def once(release: Release, commits: CommitQuerySet) -> CommitQuerySet:
    """Leave out of the release's `commits` what another of its repositories has too: its own before its companions'."""
    if not Companion.objects.filter(release=release, shares=True).exists():
        return commits
    first = Q(repository__lt=OuterRef("repository")) & ~Q(repository=release.repository_id)
    twin = Commit.objects.filter(sha=OuterRef("sha"), content_class__in=classes_of(release))
    return commits.exclude(
        ~Q(repository=release.repository_id) & Exists(twin.filter(Q(repository=release.repository_id) | first))
    )


def releases_that_follow(release_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Give, for each release id, the ids of the releases that all of it is in, itself among them. Five queries."""
    parts = parts_of_all(list(release_ids))
    inside = _ancestry({part.commit_id for mine in parts.values() for part in mine})
    return {
        release: frozenset.intersection(*(frozenset(inside[part.commit_id]) for part in mine)) | {release}
        for release, mine in parts.items()
    }


def in_effect(release: Release) -> Q:
    """Give the condition under which a commit is in effect in `release`: ancestry, corrected."""
    mine = Correction.objects.filter(commit=OuterRef("pk"), release=release)
    return (Q(content_class__in=classes_of(release)) & ~Exists(mine.filter(holds=False))) | Exists(
        mine.filter(holds=True)
    )


def only_in(release: Release, other: Release) -> CommitQuerySet:
    """Give the commits in effect in `release` and not in `other`; neither need descend from the other."""
    found = once(release, Commit.objects.filter(in_effect(release)).exclude(in_effect(other)))
    repositories = [{part.repository_id for part in parts_of(one)} for one in (release, other)]
    if any(len(mine) > 1 for mine in repositories) or repositories[0] != repositories[1]:
        # Two repositories of one component may have the very same commit.
        found = found.exclude(sha__in=Commit.objects.filter(in_effect(other)).values("sha"))
    return found


def first_release_of(commit: Commit) -> Release | None:
    """Give the release that brought `commit` first: it is in effect there and in none of the release's ancestors.

    Where several lines of releases brought it, the one that was frozen first. Draft or published alike.
    """
    return first_releases([commit.pk]).get(commit.pk)


def first_releases(commit_ids: Iterable[int]) -> dict[int, Release]:
    """Give, for each commit id that is in any release, the first; as `first_release_of`, for many. Ten queries."""
    twins = _twins(list(commit_ids))
    held = _in_effect(twins)
    found = Release.objects.filter(pk__in=set().union(*held.values()))
    releases = found.select_related("commit", "component").in_bulk()
    parts = parts_of_all(list(releases)) if releases else {}
    inside = _ancestry({part.commit_id for mine in parts.values() for part in mine})
    first: dict[int, Release] = {}
    for commit, pks in held.items():
        holding = sorted((releases[pk] for pk in pks), key=lambda release: release.sequence)
        tips = {release.pk: _in_repositories(parts[release.pk], twins[commit]) for release in holding}
        for release in holding:
            own = {part.commit_id for part in parts[release.pk]}
            if not any(
                part.commit_id not in own and release.pk in inside[part.commit_id]
                for other in holding
                for part in tips[other.pk]
            ):
                first[commit] = release
                break
    return first


def _in_repositories(parts: Sequence[Part], repositories: Collection[int]) -> Sequence[Part]:
    """Give the parts in these repositories; all of them where none is (a change that came there as a copy)."""
    return [part for part in parts if part.repository_id in repositories] or parts


def _ancestry(commit_ids: Iterable[int]) -> dict[int, set[int]]:
    """Give, for each commit id, the ids of the releases that it is in, as git has it. Three queries."""
    return _held_by(_twins(list(commit_ids)))


def _held_by(twins: Mapping[int, Mapping[int, int]]) -> dict[int, set[int]]:
    releases = _releases_of({class_id for found in twins.values() for class_id in found.values()})
    return {
        commit: set().union(*(releases.get(one, set()) for one in found.values())) for commit, found in twins.items()
    }


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


def classes_of(release: Release) -> QuerySet[Any, dict[str, int]]:
    """Give the content classes that the release holds, for use inside another query."""
    classes: QuerySet[Any, dict[str, int]] = Held.objects.filter(release=release).values("contentclass_id")
    return classes

"""What releases are made of: one commit of their own repository, and one of each companion's (see `Companion`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q

from releases.models import Companion, Release, Repository
from releases.querysets import ReleaseQuerySet


@dataclass(frozen=True, slots=True)
class Part:
    """A release's commit in one of the repositories that it is built from."""

    release_id: int
    repository_id: int
    commit_id: int
    sha: str = ""


def parts_of(release: Release) -> list[Part]:
    """Give the parts of one release, its own first. One query."""
    own = Part(release.pk, release.repository_id, release.commit_id)
    beside = Companion.objects.filter(release=release).order_by("repository_id")
    return [own, *(Part(*row) for row in beside.values_list("release_id", "repository_id", "commit_id"))]


def parts_of_all(releases: Collection[int]) -> dict[int, list[Part]]:
    """Give, for each release id, its parts with their hashes, its own first. Two queries."""
    own = Release.objects.filter(pk__in=releases).values_list("pk", "repository_id", "commit_id", "commit__sha")
    beside = Companion.objects.filter(release__in=releases).order_by("repository_id")
    found = {row[0]: [Part(*row)] for row in own}
    for row in beside.values_list("release_id", "repository_id", "commit_id", "commit__sha"):
        found[row[0]].append(Part(*row))
    return found


def tips_of(repository: Repository) -> list[tuple[int, str]]:
    """Give (release id, commit) of every release that has a commit in the repository, oldest first. Two queries."""
    own = Release.objects.filter(repository=repository).values_list("pk", "commit__sha")
    beside = Companion.objects.filter(repository=repository).values_list("release_id", "commit__sha")
    return sorted([*own, *beside])


def with_part_in(releases: ReleaseQuerySet, repositories: Iterable[int]) -> ReleaseQuerySet:
    """Keep the releases that have a commit in one of these repositories."""
    wanted = list(repositories)
    beside = Companion.objects.filter(repository__in=wanted).values("release")
    return releases.filter(Q(repository__in=wanted) | Q(pk__in=beside))

"""What the pages of repositories read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Count

from foundation.accounts.actors import Actor
from releases.contents import newest_first
from releases.models import Commit, Fetch, RefEvent, Release, Repository

COMMITS_SHOWN: Final = 30
REF_EVENTS_SHOWN: Final = 30


@dataclass(frozen=True, slots=True)
class RepositoryRow:
    """A repository in the list, with how much came out of it."""

    repository: Repository
    commits: int
    releases: int


def rows(actor: Actor) -> list[RepositoryRow]:
    """Give the visible repositories by component and name. Three queries."""
    repositories = list(
        Repository.objects.visible_to(actor).select_related("component").order_by("component__name", "name")
    )
    commits = _counts(Commit, repositories)
    releases = _counts(Release, repositories)
    return [RepositoryRow(found, commits.get(found.pk, 0), releases.get(found.pk, 0)) for found in repositories]


def _counts(model: type[Commit | Release], repositories: list[Repository]) -> dict[int, int]:
    rows = model._default_manager.filter(repository__in=repositories).values_list("repository_id")
    return dict(rows.annotate(count=Count("pk")))


@dataclass(frozen=True, slots=True)
class RepositoryStory:
    """One repository's present state and latest news."""

    commits_count: int
    releases_count: int
    commits: list[Commit]
    ref_events: list[RefEvent]
    interrupted: bool


def story_of(repository: Repository) -> RepositoryStory:
    """Give the repository's story (5 queries)."""
    commits = Commit.objects.filter(repository=repository)
    return RepositoryStory(
        commits_count=commits.count(),
        releases_count=Release.objects.filter(repository=repository).count(),
        commits=list(newest_first(commits)[:COMMITS_SHOWN]),
        ref_events=list(RefEvent.objects.filter(repository=repository).order_by("-pk")[:REF_EVENTS_SHOWN]),
        interrupted=Fetch.objects.filter(repository=repository, done_at=None).exists(),
    )

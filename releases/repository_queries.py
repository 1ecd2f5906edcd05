"""What the pages of repositories read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count

from foundation.accounts.actors import Actor
from foundation.kit import clock
from releases.contents import newest_first
from releases.models import Commit, Companion, Fetch, FetchProgress, HistoryBundle, RefEvent, Release, Repository
from releases.parts import with_part_in

COMMITS_SHOWN: Final = 30
REF_EVENTS_SHOWN: Final = 30
# A fetch tells how far it is every second or so; its longest step in silence is the last.
STALE: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class RepositoryRow:
    """A repository in the list, with how much came out of it."""

    repository: Repository
    commits: int
    releases: int


def rows(actor: Actor) -> list[RepositoryRow]:
    """Give the visible repositories by component and name. Four queries."""
    repositories = list(
        Repository.objects.visible_to(actor).select_related("component").order_by("component__name", "name")
    )
    commits = _counts(Commit, repositories)
    releases = _counts(Release, repositories)
    for repository, count in _counts(Companion, repositories).items():
        releases[repository] = releases.get(repository, 0) + count
    return [RepositoryRow(found, commits.get(found.pk, 0), releases.get(found.pk, 0)) for found in repositories]


def _counts(model: type[Commit | Release | Companion], repositories: list[Repository]) -> dict[int, int]:
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
    bundles: list[HistoryBundle]


@dataclass(frozen=True, slots=True)
class Underway:
    """How far a fetch is: the step, what is done of it, and, where it is known, how much there is."""

    step: str
    done: int
    total: int
    began_at: datetime

    @property
    def percent(self) -> int | None:
        """Between 0 and 100; None where nobody knows."""
        return min(100, self.done * 100 // self.total) if self.total else None

    @property
    def megabytes(self) -> int:
        """What the mirror's step counts."""
        return self.done >> 20


def underway(repository: Repository) -> Underway | None:
    """Give how far the fetch is that goes on now; None where none does, or its process has died. One query."""
    row = FetchProgress.objects.filter(repository=repository, at__gt=clock.now() - STALE).first()
    return None if row is None else Underway(row.step, row.done, row.total, row.began_at)


def story_of(repository: Repository) -> RepositoryStory:
    """Give the repository's story (6 queries)."""
    commits = Commit.objects.filter(repository=repository)
    return RepositoryStory(
        commits_count=commits.count(),
        releases_count=with_part_in(Release.objects.all(), [repository.pk]).count(),
        commits=list(newest_first(commits)[:COMMITS_SHOWN]),
        ref_events=list(RefEvent.objects.filter(repository=repository).order_by("-pk")[:REF_EVENTS_SHOWN]),
        interrupted=Fetch.objects.filter(repository=repository, done_at=None).exists(),
        bundles=list(
            HistoryBundle.objects.filter(repository=repository).select_related("uploaded_by").order_by("-pk")[:5]
        ),
    )

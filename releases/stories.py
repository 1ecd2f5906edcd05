"""The story of one release: all that this floor knows of it, as its page tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from foundation.accounts.actors import Actor
from releases.contents import commits_in, newest_first
from releases.models import Channel, Commit, Companion, Installation, Publication, RefEvent, Release
from releases.news import new_in, released_ancestors
from releases.queries import installed_by

COMMITS_SHOWN: Final = 100
INSTALLATIONS_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Alarm:
    """A tag that a release was frozen at and that names `new` now; nothing at all where that is empty."""

    tag: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ReleaseStory:
    """All that this floor knows of one release."""

    release: Release
    publications: list[Publication]
    commits: list[Commit]
    commits_new: int
    commits_all: int
    installations: list[Installation]
    alarms: list[Alarm]
    companions: list[Companion]
    ancestors: list[Release]

    @property
    def next_channels(self) -> list[Channel]:
        """The channels further out than it has been let."""
        furthest = max((Channel(publication.channel).reach for publication in self.publications), default=-1)
        return [channel for channel in Channel if channel.reach > furthest]


def story_of(actor: Actor, release: Release) -> ReleaseStory:
    """Give the release's story (9 queries). Who is not staff sees no commits beyond the notes."""
    fresh = new_in(release).filter(pk__in=Commit.objects.visible_to(actor))
    companions = list(release.companions.select_related("repository", "commit"))
    shown = list(newest_first(fresh.select_related("repository"))[:COMMITS_SHOWN])
    if companions:  # one repository after the other, its own first
        shown.sort(key=lambda commit: (commit.repository_id != release.repository_id, commit.repository.name))
    return ReleaseStory(
        release=release,
        publications=list(release.publications.select_related("by").order_by("at", "pk")),
        commits=shown,
        commits_new=fresh.count(),
        commits_all=commits_in(release).count(),
        installations=list(installed_by(actor).filter(release=release)[:INSTALLATIONS_SHOWN]),
        alarms=_alarms(release, companions) if release.tag_alarm_at else [],
        companions=companions,
        ancestors=list(released_ancestors(release).order_by("-sequence")[:1]),
    )


def _alarms(release: Release, companions: list[Companion]) -> list[Alarm]:
    """Give what happened to the release's tags since they were frozen. A query for each of its repositories."""
    frozen = [(release.repository_id, release.tag, release.tag_object, release.drafted_at)]
    frozen += [(beside.repository_id, beside.tag, beside.tag_object, beside.set_at) for beside in companions]
    return [
        Alarm(tag, tag_object, event.new)
        for repository, tag, tag_object, since in frozen
        for event in RefEvent.objects.filter(repository=repository, ref=f"refs/tags/{tag}", at__gte=since)
        .exclude(new=tag_object)
        .order_by("pk")
    ]

"""Which releases reach which team: by the channel that the team receives of each component, and when it is let in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from foundation.accounts.models import Team
from releases import holds
from releases.models import Channel, Publication, Release, Subscription
from releases.querysets import ReleaseQuerySet


@dataclass(frozen=True, slots=True)
class Reach:
    """A publication that is within a team's reach, and since when."""

    publication: Publication
    at: datetime


def receives(team: Team, release: Release) -> bool:
    """Tell whether the release is out on a channel that the team receives, and not held back from it."""
    return received_at(team, release) is not None


def received_at(team: Team, release: Release) -> datetime | None:
    """Give when the release came within the team's reach: first published on a channel that it receives.

    Where a channel is let out by and by, the moment at which the team was let in counts.
    """
    found = first_reach(team.pk, release.component_id, Publication.objects.filter(release=release))
    return found.at if found else None


def first_reach(team_id: int, component_id: int, publications: QuerySet[Publication]) -> Reach | None:
    """Give the one of the component's `publications` that came within the team's reach first. At most three queries."""
    subscription = Subscription.objects.filter(team=team_id, component=component_id).first()
    if subscription is None:
        return None
    received = list(publications.filter(channel__in=Channel(subscription.channel).received).order_by("at", "pk"))
    return min(_reached(team_id, received), key=lambda reach: (reach.at, reach.publication.pk), default=None)


def _reached(team_id: int, publications: Iterable[Publication]) -> list[Reach]:
    publications = list(publications)
    admitted = holds.admitted_at(team_id, {publication.release_id for publication in publications})
    reached = []
    for publication in publications:
        at = admitted.get((publication.release_id, publication.channel), publication.at)
        if at is not None:
            reached.append(Reach(publication, max(at, publication.at)))
    return reached


def offered_to(team: Team) -> ReleaseQuerySet:
    """Give the releases that the team may install: published, not withdrawn, on a channel that it receives."""
    return offered_to_teams(Team.objects.filter(pk=team.pk))


def offered_to_teams(teams: QuerySet[Team]) -> ReleaseQuerySet:
    """Give the releases that at least one of the teams may install."""
    reached = Q()
    for channel in Channel:
        # Who receives this channel, or one nearer by, receives what is published on it.
        nearer = [other.value for other in Channel if channel in other.received]
        subscribed = Subscription.objects.filter(
            team__in=teams.values("pk"), component=OuterRef("component"), channel__in=nearer
        ).exclude(holds.held_back(team=OuterRef("team"), release=OuterRef(OuterRef("pk")), channel=channel.value))
        published = Publication.objects.filter(release=OuterRef("pk"), channel=channel)
        reached |= Q(Exists(subscribed), Exists(published))
    return Release.objects.filter(reached, state=Release.State.PUBLISHED)


def first_publications(component_ids: Iterable[int]) -> list[tuple[int, int, datetime]]:
    """Give (component, release, when) of each release that was ever published, at its first time, in order."""
    published = Publication.objects.filter(release__component__in=list(component_ids))
    found = published.values_list("release__component", "release").annotate(first=Min("at"))
    return list(found.order_by("first", "release"))


def subscribers(component_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Give for each component the teams that receive one of its channels. One query."""
    found: dict[int, set[int]] = {component: set() for component in component_ids}
    rows = Subscription.objects.filter(component__in=list(found)).values_list("component", "team")
    for component, team in rows:
        found[component].add(team)
    return {component: frozenset(teams) for component, teams in found.items()}

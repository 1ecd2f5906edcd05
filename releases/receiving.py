"""Which releases reach which team: by the channel that the team receives of each component."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.accounts.models import Team
from releases.models import Channel, Publication, Release, Subscription
from releases.querysets import ReleaseQuerySet


def receives(team: Team, release: Release) -> bool:
    """Tell whether the release is out on a channel that the team receives."""
    return received_at(team, release) is not None


def received_at(team: Team, release: Release) -> datetime | None:
    """Give when the release came within the team's reach: first published on a channel that it receives."""
    subscription = Subscription.objects.filter(team=team, component=release.component_id).first()
    if subscription is None:
        return None
    return (
        Publication.objects.filter(release=release, channel__in=Channel(subscription.channel).received)
        .order_by("at")
        .values_list("at", flat=True)
        .first()
    )


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
        )
        published = Publication.objects.filter(release=OuterRef("pk"), channel=channel)
        reached |= Q(Exists(subscribed), Exists(published))
    return Release.objects.filter(reached, state=Release.State.PUBLISHED)

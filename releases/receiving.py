"""Which releases reach which team: by the channel that the team receives of each component."""

from __future__ import annotations

from datetime import datetime

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
    offered = Release.objects.none()
    for subscription in Subscription.objects.filter(team=team):
        offered |= Release.objects.filter(
            component=subscription.component_id,
            publications__channel__in=Channel(subscription.channel).received,
        )
    return Release.objects.filter(pk__in=offered.values("pk"), state=Release.State.PUBLISHED)

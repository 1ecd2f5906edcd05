"""Which teams a release on a channel would newly reach: those that a rollout may put in groups."""

from __future__ import annotations

from django.db.models import QuerySet

from foundation.accounts.models import Team
from releases.models import Channel, Publication, Release, Subscription
from releases.rollouts.models import RolloutTeam


def eligible_teams(release: Release, channel: str) -> QuerySet[Team]:
    """Give the teams that receive the channel and that the release has not reached, by name. One query."""
    target = Channel(channel)
    nearer = [other.value for other in Channel if target in other.received]
    teams = Subscription.objects.filter(component=release.component_id, channel__in=nearer).values("team")
    found = Team.objects.filter(pk__in=teams)
    asked = RolloutTeam.objects.filter(rollout__release=release, group__begun_at__isnull=False)
    found = found.exclude(pk__in=asked.values("team"))
    # What is out on a channel in one go has reached all who receive that channel; so has a complete rollout.
    out = Publication.objects.filter(release=release)
    for publication in out.exclude(channel__in=held_channels(release)):
        reached = [other.value for other in Channel if Channel(publication.channel) in other.received]
        found = found.exclude(
            pk__in=Subscription.objects.filter(component=release.component_id, channel__in=reached).values("team")
        )
    return found.order_by("name")


def rollout_channels(release: Release) -> list[Channel]:
    """Give the channels on which a rollout of the release may start: further out than it is, or begun and aborted.

    No query where its publications and rollouts were prefetched.
    """
    if release.state not in (Release.State.APPROVED, Release.State.PUBLISHED):
        return []
    furthest = max((Channel(one.channel).reach for one in release.publications.all()), default=-1)
    again = held_channels(release)
    return [one for one in Channel if one.reach > furthest or (one.reach == furthest and one.value in again)]


def held_channels(release: Release) -> set[str]:
    """Give the channels on which the release is let out by rollouts, none of which is complete."""
    rollouts = [(rollout.channel, rollout.state) for rollout in release.rollouts.all()]
    return {channel for channel, _state in rollouts} - {channel for channel, state in rollouts if state == "completed"}

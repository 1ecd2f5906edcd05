"""What this room tells the core: a rollout holds its release back from every team whose group has not begun."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Exists, Q

from releases.rollouts.models import Rollout, RolloutTeam


def held_back(*, team: Any, release: Any, channel: str) -> Q:
    """Give the condition: there is a rollout, none is complete, and in none has the team's group begun."""
    rollouts = Rollout.objects.filter(channel=channel)
    begun = RolloutTeam.objects.filter(rollout__channel=channel, group__begun_at__isnull=False)
    return (
        Q(Exists(rollouts.filter(release=release)))
        & ~Q(Exists(rollouts.filter(release=release, state=Rollout.State.COMPLETED)))
        & ~Q(Exists(begun.filter(rollout__release=release, team=team)))
    )


def admitted_at(*, team_id: int, release_ids: Collection[int]) -> dict[tuple[int, str], datetime | None]:
    """Give, by (release, channel) with rollouts, when the team's group began or a rollout was complete."""
    result: dict[tuple[int, str], datetime | None] = {}
    rollouts = Rollout.objects.filter(release__in=release_ids)
    for release_id, channel, state, ended_at in rollouts.values_list("release_id", "channel", "state", "ended_at"):
        complete = ended_at if state == Rollout.State.COMPLETED else None
        result[release_id, channel] = _earlier(result.get((release_id, channel)), complete)
    if not result:
        return result
    begun = RolloutTeam.objects.filter(
        rollout__release__in=release_ids, team=team_id, group__begun_at__isnull=False
    ).values_list("rollout__release_id", "rollout__channel", "group__begun_at")
    for release_id, channel, at in begun:
        result[release_id, channel] = _earlier(result.get((release_id, channel)), at)
    return result


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    known = [at for at in (one, other) if at is not None]
    return min(known, default=None)

"""What the form that starts a rollout shows: releases that may go out, and what each team runs now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from releases.models import Channel, Release
from releases.queries import current_installations, with_publications
from releases.rollouts.eligible import rollout_channels
from releases.rollouts.policies import RIGHTS

SHOWN = 30


@dataclass(frozen=True, slots=True)
class Startable:
    """A release that may go out by and by, and on which channels."""

    release: Release
    channels: list[Channel]


def startable(actor: Actor) -> list[Startable]:
    """Give the newest releases of which the actor may start a rollout; none that has one under way."""
    releases = with_publications(
        Release.objects.visible_to(actor).filter(
            component__programme__in=actor.programmes(*RIGHTS["rollout.start"]),
            state__in=[Release.State.APPROVED, Release.State.PUBLISHED],
        )
    ).exclude(rollouts__state__in=["running", "paused"])
    found = []
    for release in releases.prefetch_related("rollouts").order_by("component__name", "-sequence")[:200]:
        channels = rollout_channels(release)
        if channels:
            found.append(Startable(release, channels))
    return found[:SHOWN]


def runs_now(release: Release, teams: Iterable[Team]) -> dict[int, str]:
    """Give, by team, the versions of the release's component that it runs now. One query."""
    rows = (
        current_installations()
        .filter(release__component=release.component_id, team__in=list(teams))
        .order_by("-installed_at")
        .values_list("team_id", "release__version")
    )
    found: dict[int, list[str]] = {}
    for team_id, version in rows:
        if version not in found.setdefault(team_id, []):
            found[team_id].append(version)
    return {team_id: ", ".join(versions) for team_id, versions in found.items()}

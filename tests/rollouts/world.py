"""An approved release of the autopilot, and four field teams that receive the fleet's releases of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from foundation.accounts.actions.add_team import add_team
from foundation.accounts.actors import SYSTEM
from foundation.accounts.models import Team, TeamKind
from foundation.catalogue.actions.add_team_to_programme import add_team_to_programme
from foundation.journal.models import Entry
from releases.actions.approve_release import approve_release
from releases.actions.propose_release import propose_release
from releases.actions.report_installation import report_installation
from releases.actions.subscribe_team import subscribe_team
from releases.models import Installation, Release
from releases.rollouts.actions.start_rollout import GroupPlan, start_rollout
from releases.rollouts.models import Rollout, RolloutTeam
from tests.cast import Cast
from tests.releases import api_world

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass(slots=True)
class World:
    """North and East have reporters (Olena, Stepan); South and Polissia are there to be asked later."""

    cast: Cast
    south: Team
    polissia: Team

    def approved(self, version: str = "2.0") -> Release:
        """Give a release that may go out."""
        release = propose_release(actor=SYSTEM, release=api_world.draft(self.cast, version))
        return approve_release(actor=SYSTEM, release=release)

    def start(self, release: Release | None = None, **more: object) -> Rollout:
        """Start the usual rollout: North, then East and South, then behind a gate Polissia."""
        values: dict[str, object] = {
            "actor": self.cast.actor("kari"),
            "release": release or self.approved(),
            "channel": "fleet",
            "groups": self.groups(),
            "tell": [self.cast.henrik, self.cast.magnus],
            **more,
        }
        return start_rollout(**values)  # type: ignore[arg-type]  # the defaults above fit

    def groups(self) -> Sequence[GroupPlan]:
        """Give those groups."""
        return [
            GroupPlan([self.cast.north], soak_hours=24),
            GroupPlan([self.cast.east, self.south], soak_hours=48),
            GroupPlan([self.polissia], soak_hours=1, gate=True),
        ]

    def install(self, rollout: Rollout, team: Team, *, by: str = "") -> Installation:
        """Let the team say that it runs the release."""
        actor = self.cast.actor(by) if by else SYSTEM
        return report_installation(actor=actor, release=rollout.release, team=team, hardware=self.cast.rev_a)


def make_world(cast: Cast) -> World:
    """Make the teams and subscribe them all."""
    teams = []
    for slug, name in (("south", "South"), ("polissia", "Полісся")):
        team = add_team(actor=SYSTEM, name=name, slug=slug, kind=TeamKind.FIELD)
        add_team_to_programme(actor=SYSTEM, team=team, programme=cast.programme)
        teams.append(team)
    for team in (cast.north, cast.east, *teams):
        subscribe_team(actor=SYSTEM, team=team, component=cast.autopilot, channel="fleet")
    return World(cast, *teams)


def told(subject_type: str, pk: int) -> list[str]:
    """Give the kinds of what the journal says about the thing, without their subject."""
    entries = Entry.objects.filter(subject_type=subject_type, subject_id=pk).order_by("id")
    return [entry.kind.partition(".")[2] for entry in entries]


def answer_of(rollout: Rollout, team: Team) -> str:
    """Give what stands for the team in the rollout."""
    return RolloutTeam.objects.get(rollout=rollout, team=team).answer

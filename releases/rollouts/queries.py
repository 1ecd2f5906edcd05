"""What pages and the API read of rollouts: each with its groups, the teams' answers, and what it waits for."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team, User
from foundation.accounts.roles import PROGRAMME_WIDE
from foundation.kit.errors import NotFound
from releases.models import Release
from releases.rollouts.eligible import eligible_teams
from releases.rollouts.models import Rollout, RolloutGroup, RolloutTeam, Telling

SHOWN = 60


def with_all(rollouts: QuerySet[Rollout]) -> QuerySet[Rollout]:
    """Add what every view of a rollout shows. Five queries in all."""
    return rollouts.select_related("release__component", "started_by").prefetch_related(
        "tell",
        Prefetch("groups", RolloutGroup.objects.order_by("number")),
        Prefetch("groups__teams", RolloutTeam.objects.select_related("team").order_by("team__name")),
    )


def rollouts_of(actor: Actor) -> QuerySet[Rollout]:
    """Give the visible rollouts, newest first."""
    return with_all(Rollout.objects.visible_to(actor)).order_by("-started_at", "-pk")


def rollout_of(actor: Actor, pk: int) -> Rollout:
    """Give the visible rollout; raises NotFound."""
    found = rollouts_of(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("rollout.not_found", _("There is no rollout %(pk)s that you may see.") % {"pk": pk})
    return found


def asking_rollout_of(actor: Actor, pk: int) -> Rollout:
    """Give the rollout that is visible, or has asked the actor's own team; raises NotFound."""
    found = Rollout.objects.asking(actor).select_related("release__component").filter(pk=pk).first()
    if found is None:
        raise NotFound("rollout.not_found", _("There is no rollout %(pk)s that you may see.") % {"pk": pk})
    return found


def tellable_people(release: Release) -> QuerySet[User]:
    """Give the people of the programme who may be named to be told, by name."""
    return (
        User.objects.filter(
            is_active=True,
            memberships__team__programmes=release.component.programme_id,
            memberships__role__in=PROGRAMME_WIDE,
        )
        .distinct()
        .order_by("name", "username")
    )


def tellings_of(actor: Actor) -> list[Telling]:
    """Give what the actor has to hear and has not read, newest first."""
    return list(
        Telling.objects.filter(user=actor.user_id, read_at__isnull=True)
        .select_related("rollout__release__component")
        .order_by("-at")[:20]
    )


@dataclass(frozen=True, slots=True)
class Ask:
    """A rollout that waits for the answer of a team."""

    row: RolloutTeam

    @property
    def rollout(self) -> Rollout:
        """The rollout that asks."""
        return self.row.rollout

    @property
    def team(self) -> Team:
        """The team that it asks."""
        return self.row.team


def asks_of(team_ids: frozenset[int]) -> list[Ask]:
    """Give what living rollouts ask of these teams, and the teams have not answered. One query."""
    rows = RolloutTeam.objects.filter(
        team__in=team_ids,
        answer__in=[RolloutTeam.Answer.WAITING, RolloutTeam.Answer.UNREACHABLE],
        group__begun_at__isnull=False,
        rollout__state=Rollout.State.RUNNING,
        rollout__release__state=Release.State.PUBLISHED,
    )
    found = rows.select_related("rollout__release__component", "team", "group").order_by("group__begun_at", "pk")
    return [Ask(row) for row in found]


def teams_left(release: Release, channel: str) -> list[Team]:
    """Give the teams that a rollout of the release on the channel could ask."""
    return list(eligible_teams(release, channel))

"""Start to let a release out on a channel group by group; the first group begins at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team, User
from foundation.accounts.roles import Role
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Invalid
from releases.actions.publish_release import publish_release
from releases.channels import known_channel
from releases.locking import locked_release
from releases.models import Channel, Release
from releases.rollouts import steps
from releases.rollouts.eligible import eligible_teams, rollout_channels
from releases.rollouts.kinds import RolloutStarted
from releases.rollouts.models import Rollout, RolloutGroup, RolloutTeam

MOST_GROUPS = 20
LONGEST_SOAK = 24 * 365


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """A group to be: its teams, how long to watch it, and whether a person has to let it begin."""

    teams: Sequence[Team]
    soak_hours: int = 24
    gate: bool = False


@transaction.atomic
def start_rollout(
    *,
    actor: Actor,
    release: Release,
    channel: str,
    groups: Sequence[GroupPlan],
    success_percent: int = 100,
    error_percent: int = 20,
    worse_limit: int = 1,
    tell: Collection[User] = (),
) -> Rollout:
    """Publish the release on `channel` for the first group, and for the others as the rollout goes on.

    Teams that receive the channel and stand in no group are offered it when the rollout is complete. A gate of the
    first group means nothing: starting is the decision. Raises Invalid `rollout.groups_missing`, `rollout.team_twice`,
    `rollout.team_outside`, `rollout.value_invalid`, `rollout.tell_outside`, Conflict `rollout.live_already` or
    `rollout.out_already`, and what publishing refuses.
    """
    release = locked_release(release)
    actor.require("rollout.start", programme_id=release.component.programme_id)
    known_channel(channel, subject="release")
    _check_values(groups, success_percent, error_percent, worse_limit)
    _check_free(release, channel)
    _check_teams(release, channel, groups)
    _check_tell(release, tell)
    now = clock.now()
    out = release.publications.filter(channel=channel).exists()
    rollout = Rollout.objects.create(
        release=release,
        channel=channel,
        success_percent=success_percent,
        error_percent=error_percent,
        worse_limit=worse_limit,
        started_at=now,
        state_since=now,
        started_by_id=actor.user_id,
    )
    rollout.tell.set(tell)
    for number, plan in enumerate(groups, 1):
        group = RolloutGroup.objects.create(
            rollout=rollout, number=number, soak_hours=plan.soak_hours, gate=plan.gate and number > 1
        )
        RolloutTeam.objects.bulk_create(RolloutTeam(rollout=rollout, group=group, team=team) for team in plan.teams)
    record(
        RolloutStarted(
            release_id=release.pk,
            component_id=release.component_id,
            channel=channel,
            groups=[[team.pk for team in plan.teams] for plan in groups],
        ),
        subject=rollout,
        actor=actor,
    )
    if not out:
        release = publish_release(actor=actor, release=release, channel=channel)
        rollout.release = release
    steps.begin_group(rollout, 1, actor=actor)
    return rollout


def _check_values(groups: Sequence[GroupPlan], success: int, error: int, worse: int) -> None:
    if not groups or len(groups) > MOST_GROUPS or not all(plan.teams for plan in groups):
        raise Invalid(
            "rollout.groups_missing",
            _("A rollout has 1 to %(most)s groups, each with at least one team.") % {"most": MOST_GROUPS},
            field="groups",
        )
    named = [
        ("success_percent", success, 1, 100),
        ("error_percent", error, 1, 100),
        ("worse_limit", worse, 0, 1000),
        *(("soak_hours", plan.soak_hours, 0, LONGEST_SOAK) for plan in groups),
    ]
    for field, value, least, most in named:
        if not least <= value <= most:
            raise Invalid(
                "rollout.value_invalid",
                _("%(value)s is out of bounds. It has to be from %(least)s to %(most)s.")
                % {"value": value, "least": least, "most": most},
                field=field,
            )


def _check_free(release: Release, channel: str) -> None:
    live = release.rollouts.live().first()
    if live is not None:
        raise Conflict(
            "rollout.live_already",
            _("The rollout of %(rollout)s is not over. Let it end, or abort it, before another starts.")
            % {"rollout": live},
        )
    if release.publications.filter(channel=channel).exists() and channel not in rollout_channels(release):
        raise Conflict(
            "rollout.out_already",
            _("%(release)s is out on “%(channel)s” already, for everybody who receives it.")
            % {"release": release, "channel": Channel(channel).label},
            field="channel",
        )


def _check_teams(release: Release, channel: str, groups: Sequence[GroupPlan]) -> None:
    eligible = set(eligible_teams(release, channel).values_list("pk", flat=True))
    seen: set[int] = set()
    for plan in groups:
        for team in plan.teams:
            if team.pk in seen:
                raise Invalid(
                    "rollout.team_twice", _("%(team)s stands in two groups.") % {"team": team}, field="groups"
                )
            if team.pk not in eligible:
                raise Invalid(
                    "rollout.team_outside",
                    _("%(team)s does not receive “%(channel)s” of %(component)s, or has %(version)s already.")
                    % {
                        "team": team,
                        "channel": Channel(channel).label,
                        "component": release.component,
                        "version": release.version,
                    },
                    field="groups",
                )
            seen.add(team.pk)


def _check_tell(release: Release, tell: Collection[User]) -> None:
    inside = User.objects.filter(
        pk__in=[user.pk for user in tell],
        is_active=True,
        memberships__team__programmes=release.component.programme_id,
        memberships__role__in=[role for role in Role if role not in (Role.PARTNER, Role.REPORTER)],
    )
    known = set(inside.values_list("pk", flat=True))
    for user in tell:
        if user.pk not in known:
            raise Invalid(
                "rollout.tell_outside",
                _("%(user)s does not work in the programme of %(component)s.")
                % {"user": user, "component": release.component},
                field="tell",
            )

"""Tell every team that runs a withdrawn release that it does, and what to run instead."""

from __future__ import annotations

from collections import defaultdict

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from foundation.journal import record
from foundation.kit import clock
from releases.locking import locked_release
from releases.models import Release
from releases.queries import current_installations
from releases.rollouts.kinds import ReleaseTeamWarned
from releases.rollouts.models import WithdrawalWarning


@transaction.atomic
def warn_teams(*, actor: Actor, release: Release) -> list[WithdrawalWarning]:
    """Write one warning, and one entry in the journal, for each team that runs it now and was not warned before."""
    release = locked_release(release)
    actor.require("release.withdraw", programme_id=release.component.programme_id)
    if release.state != Release.State.WITHDRAWN:
        return []
    hardware: dict[int, set[int]] = defaultdict(set)
    for team_id, hardware_id in current_installations().filter(release=release).values_list("team_id", "hardware_id"):
        hardware[team_id].add(hardware_id)
    known = set(WithdrawalWarning.objects.filter(release=release).values_list("team_id", flat=True))
    warned = []
    for team in Team.objects.filter(pk__in=hardware.keys() - known).order_by("pk"):
        warned.append(WithdrawalWarning.objects.create(release=release, team=team, at=clock.now()))
        record(
            ReleaseTeamWarned(
                release_id=release.pk,
                team_id=team.pk,
                team=team.name,
                hardware_ids=sorted(hardware[team.pk]),
                reason=release.withdrawn_reason,
                replacement_id=release.replacement_id,
            ),
            subject=release,
            actor=actor,
            team_id=team.pk,
        )
    return warned

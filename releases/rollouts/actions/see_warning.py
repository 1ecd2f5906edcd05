"""A team says that it has read the warning about a withdrawn release."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from releases.rollouts.kinds import ReleaseWarningSeen
from releases.rollouts.models import WithdrawalWarning


@transaction.atomic
def see_warning(*, actor: Actor, warning: WithdrawalWarning) -> WithdrawalWarning:
    """Note that the team has read it. The banner stays until the team runs something else. Idempotent."""
    found = (
        WithdrawalWarning.objects.select_for_update(of=("self",))
        .select_related("release__component", "team")
        .get(pk=warning.pk)
    )
    programme = found.release.component.programme_id
    actor.require("installation.report", programme_id=programme, team_id=found.team_id)
    if found.seen_at is None:
        found.seen_at, found.seen_by_id = clock.now(), actor.user_id
        found.save(update_fields=["seen_at", "seen_by"])
        record(
            ReleaseWarningSeen(team_id=found.team_id, team=found.team.name),
            subject=found.release,
            actor=actor,
            team_id=found.team_id,
        )
    return found

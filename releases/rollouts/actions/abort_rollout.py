"""End a rollout before its end: groups that have not begun are not offered the release on this channel."""

from django.db import transaction

from foundation.accounts.actors import Actor
from releases.rollouts import steps
from releases.rollouts.locking import locked_rollout
from releases.rollouts.machine import Verb
from releases.rollouts.models import Rollout


@transaction.atomic
def abort_rollout(*, actor: Actor, rollout: Rollout, reason: str) -> Rollout:
    """Abort a rollout for `reason`. Raises Conflict `rollout.not_possible`, Invalid `rollout.reason_missing`."""
    rollout = locked_rollout(rollout)
    actor.require("rollout.abort", programme_id=rollout.release.component.programme_id)
    steps.check_state(rollout, Verb.ABORT)
    steps.abort(rollout, actor=actor, cause="person", reason=steps.checked_reason(reason, needed=True))
    return rollout

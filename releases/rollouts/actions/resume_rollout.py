"""Let a paused rollout go on; the errors so far are known, and pause it no second time."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.journal import record
from releases.rollouts import steps
from releases.rollouts.kinds import RolloutResumed
from releases.rollouts.locking import locked_rollout
from releases.rollouts.machine import Verb
from releases.rollouts.models import Rollout


@transaction.atomic
def resume_rollout(*, actor: Actor, rollout: Rollout, reason: str = "") -> Rollout:
    """Resume a paused rollout. Raises Conflict `rollout.not_possible`."""
    rollout = locked_rollout(rollout)
    actor.require("rollout.resume", programme_id=rollout.release.component.programme_id)
    steps.check_state(rollout, Verb.RESUME)
    reason = steps.checked_reason(reason, needed=False)
    steps.resume(rollout, reason)
    record(RolloutResumed(reason=reason), subject=rollout, actor=actor)
    return rollout

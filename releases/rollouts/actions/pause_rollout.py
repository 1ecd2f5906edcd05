"""Stop a rollout where it is; no further group begins until it is resumed."""

from django.db import transaction

from foundation.accounts.actors import Actor
from releases.rollouts import steps
from releases.rollouts.locking import locked_rollout
from releases.rollouts.machine import Verb
from releases.rollouts.models import Rollout


@transaction.atomic
def pause_rollout(*, actor: Actor, rollout: Rollout, reason: str) -> Rollout:
    """Pause a running rollout for `reason`; the people named in it are told.

    Raises Conflict `rollout.not_possible`, Invalid `rollout.reason_missing`.
    """
    rollout = locked_rollout(rollout)
    actor.require("rollout.pause", programme_id=rollout.release.component.programme_id)
    steps.check_state(rollout, Verb.PAUSE)
    steps.pause(rollout, actor=actor, cause="person", reason=steps.checked_reason(reason, needed=True))
    return rollout

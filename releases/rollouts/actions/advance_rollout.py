"""Let the next group begin by hand: through its gate, or past what the rollout still waits for."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.kit import clock
from releases.rollouts import steps
from releases.rollouts.course import course_of
from releases.rollouts.locking import locked_rollout
from releases.rollouts.machine import Begin, Verb, Wait, Why, by_hand, step
from releases.rollouts.models import Rollout


@transaction.atomic
def advance_rollout(*, actor: Actor, rollout: Rollout, reason: str = "") -> Rollout:
    """Begin the next group; after the last one, complete the rollout.

    Through a gate no reason is needed; past soak time or a success threshold that is not met, one is.
    Raises Conflict `rollout.not_possible`, Invalid `rollout.reason_missing`.
    """
    rollout = locked_rollout(rollout)
    actor.require("rollout.advance", programme_id=rollout.release.component.programme_id)
    steps.check_state(rollout, Verb.ADVANCE)
    course = course_of(rollout)
    due = step(course, clock.now())
    early = isinstance(due, Wait) and due.why in (Why.SOAK, Why.SUCCESS)
    reason = steps.checked_reason(reason, needed=early)
    act = by_hand(course)
    if isinstance(act, Begin):
        steps.begin_group(rollout, act.number, actor=actor, reason=reason)
    else:
        steps.complete(rollout, actor=actor, reason=reason)
    return rollout

"""Do with a rollout what is due by itself: the next group begins, it pauses, or it is complete."""

from django.db import transaction

from foundation.accounts.actors import SYSTEM, Actor
from foundation.kit import clock
from releases.rollouts import steps
from releases.rollouts.course import course_of
from releases.rollouts.locking import locked_rollout
from releases.rollouts.machine import Begin, Complete, Pause, Step, Wait, step
from releases.rollouts.models import Rollout
from releases.rollouts.reasons import found


@transaction.atomic
def step_rollout(*, actor: Actor = SYSTEM, rollout: Rollout) -> Step:
    """Do the one thing that is due, and give it; `Wait` says what the rollout waits for. Idempotent while waiting."""
    rollout = locked_rollout(rollout)
    actor.require("rollout.advance", programme_id=rollout.release.component.programme_id)
    due = step(course_of(rollout), clock.now())
    match due:
        case Begin(number):
            steps.begin_group(rollout, number, actor=actor)
        case Pause(cause, count):
            steps.pause(rollout, actor=actor, cause=cause, reason=found(cause, count))
        case Complete():
            steps.complete(rollout, actor=actor)
        case Wait():
            pass
    return due

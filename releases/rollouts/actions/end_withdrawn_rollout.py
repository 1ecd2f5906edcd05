"""A withdrawn release is let out no further."""

from django.db import transaction

from foundation.accounts.actors import Actor
from releases.models import Release
from releases.rollouts import steps
from releases.rollouts.locking import locked_rollout
from releases.rollouts.models import Rollout


@transaction.atomic
def end_withdrawn_rollout(*, actor: Actor, release: Release) -> Rollout | None:
    """End the release's living rollout, if there is one; what is over stays as it is."""
    found = release.rollouts.live().first()
    if found is None:
        return None
    rollout = locked_rollout(found)
    actor.require("rollout.abort", programme_id=rollout.release.component.programme_id)
    if rollout.is_live:
        steps.abort(rollout, actor=actor, cause="withdrawn", reason=rollout.release.withdrawn_reason)
    return rollout

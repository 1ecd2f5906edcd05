"""Reads a rollout anew and holds it, so that two verbs on it wait for each other."""

from __future__ import annotations

from foundation.kit.transactions import require_transaction
from releases.rollouts.models import Rollout


def locked_rollout(rollout: Rollout) -> Rollout:
    """Give the rollout as it is now, held until the transaction ends."""
    require_transaction("locked_rollout()")
    return Rollout.objects.select_for_update(of=("self",)).select_related("release__component").get(pk=rollout.pk)

"""Let no secret of a repository's webhook count any more."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from releases.hooks.kinds import HookSecretsRevoked
from releases.hooks.models import HookSecret
from releases.locking import locked_repository
from releases.models import Repository


@transaction.atomic
def revoke_secrets(*, actor: Actor, repository: Repository) -> int:
    """Turn the webhook off, for a secret that has leaked; gives how many secrets counted until now."""
    row = locked_repository(repository)
    actor.require("hook.manage", programme_id=row.component.programme_id)
    now = clock.now()
    live = HookSecret.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), repository=row)
    count = live.update(expires_at=now)
    if count:
        record(HookSecretsRevoked(), subject=row, actor=actor)
    return count

"""Make a new secret for a repository's webhook."""

from __future__ import annotations

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock, vault
from releases.hooks.kinds import HookSecretMade
from releases.hooks.models import HookSecret
from releases.hooks.secrets import OVERLAP, new_secret
from releases.locking import locked_repository
from releases.models import Repository


@transaction.atomic
def make_secret(*, actor: Actor, repository: Repository) -> str:
    """Give a new secret in plain, this once; the one before counts for a week more."""
    row = locked_repository(repository)
    actor.require("hook.manage", programme_id=row.component.programme_id)
    now, plain = clock.now(), new_secret()
    rows = HookSecret.objects.filter(repository=row)
    first = not rows.filter(expires_at=None).update(expires_at=now + OVERLAP)
    HookSecret.objects.create(repository=row, sealed=vault.seal(plain), made_at=now)
    record(HookSecretMade(first=first), subject=row, actor=actor)
    return plain

"""Which secrets of a repository count now."""

from __future__ import annotations

import base64
import secrets
from datetime import timedelta
from typing import Final

from django.db.models import Q

from foundation.kit import clock, vault
from releases.hooks.hosts import PREFIX
from releases.hooks.models import HookSecret
from releases.models import Repository

# How long the one before the newest counts: time to enter the new one at the host.
OVERLAP: Final = timedelta(days=7)


def new_secret() -> str:
    """Give a secret in the form that GitLab asks for and every other host takes as it is."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def live_secrets(repository: Repository) -> list[str]:
    """Give the secrets that count, in plain, the newest first."""
    return [vault.unseal(row.sealed) for row in live_rows(repository)]


def live_rows(repository: Repository) -> list[HookSecret]:
    """Give the secrets that count as they are stored, the newest first."""
    rows = HookSecret.objects.filter(Q(expires_at=None) | Q(expires_at__gt=clock.now()), repository=repository)
    return list(rows.order_by("-made_at", "-pk"))

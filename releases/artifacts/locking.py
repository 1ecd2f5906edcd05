"""Reads a key anew and holds it, so that two verbs on it wait for each other."""

from __future__ import annotations

from foundation.kit.transactions import require_transaction
from releases.artifacts.models import SigningKey


def locked_key(key: SigningKey) -> SigningKey:
    """Give the key as it is now, held until the transaction ends."""
    require_transaction("locked_key()")
    return SigningKey.objects.select_for_update(of=("self",)).select_related("component", "holder").get(pk=key.pk)

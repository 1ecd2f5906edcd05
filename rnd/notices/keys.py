"""Keys of webhooks: made here, shown once, kept sealed, used to sign by the rules of Standard Webhooks 1.0."""

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from standardwebhooks import Webhook as Signer

from foundation.kit import clock, vault
from rnd.notices.models import Webhook, WebhookSecret

# How long the key before the newest still signs too, so that the receiver can change over without losing a message.
OVERLAP: Final = timedelta(days=2)


def make_key(webhook: Webhook) -> str:
    """Give a new key of the webhook in plain, as the receiver enters it; the one before it runs out in two days."""
    plain = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    now = clock.now()
    webhook.secrets.filter(expires_at=None).update(expires_at=now + OVERLAP)
    WebhookSecret.objects.create(webhook=webhook, sealed=vault.seal(plain), made_at=now)
    return plain


def live_keys(webhook: Webhook) -> list[str]:
    """Give the keys to sign with, the newest first."""
    live = webhook.secrets.filter(Q(expires_at=None) | Q(expires_at__gt=clock.now())).order_by("-made_at")
    return [vault.unseal(secret.sealed) for secret in live]


def signed_headers(keys: Iterable[str], *, message: str, at: datetime, body: str) -> dict[str, str]:
    """Give the three headers of Standard Webhooks, with one signature for each key."""
    # The library takes the moment as UTC without a zone.
    naive = at.replace(tzinfo=None)
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Signer(key).sign(message, naive, body) for key in keys),
    }

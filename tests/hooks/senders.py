"""The git hosts, as they sign and send."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.test import Client
from standardwebhooks import Webhook

BODY: Final = json.dumps({"ref": "refs/heads/main", "pusher": "Оля", "after": "f" * 40}).encode()
ID: Final = "72d3162e-cc78-11e3-81ab-4c9367dc0958"


def hexed(secret: str, body: bytes = BODY) -> str:
    """Give the signature of GitHub, Gitea and Forgejo."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def github(secret: str, *, body: bytes = BODY, event: str = "push", delivery: str = ID) -> dict[str, str]:
    """Give GitHub's headers, the old signature among them."""
    return {
        "User-Agent": "GitHub-Hookshot/044aadd",
        "X-GitHub-Delivery": delivery,
        "X-GitHub-Event": event,
        "X-GitHub-Hook-ID": "292430182",
        "X-Hub-Signature": "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest(),
        "X-Hub-Signature-256": f"sha256={hexed(secret, body)}",
    }


def gitea(secret: str, *, body: bytes = BODY, event: str = "push", delivery: str = ID) -> dict[str, str]:
    """Give Gitea's headers: its own, those of Gogs, and those of GitHub."""
    return github(secret, body=body, event=event, delivery=delivery) | {
        "User-Agent": "Go-http-client/1.1",
        "X-Gogs-Delivery": delivery,
        "X-Gogs-Event": event,
        "X-Gogs-Signature": hexed(secret, body),
        "X-Gitea-Delivery": delivery,
        "X-Gitea-Event": event,
        "X-Gitea-Event-Type": event,
        "X-Gitea-Signature": hexed(secret, body),
    }


def forgejo(secret: str, *, body: bytes = BODY, event: str = "push", delivery: str = ID) -> dict[str, str]:
    """Give Forgejo's headers: its own beside Gitea's."""
    return gitea(secret, body=body, event=event, delivery=delivery) | {
        "X-Forgejo-Delivery": delivery,
        "X-Forgejo-Event": event,
        "X-Forgejo-Event-Type": event,
        "X-Forgejo-Signature": hexed(secret, body),
    }


def gitlab_token(secret: str, *, event: str = "Push Hook", delivery: str = ID) -> dict[str, str]:
    """Give GitLab's headers with a secret token."""
    return {
        "User-Agent": "GitLab/17.0.0",
        "X-Gitlab-Event": event,
        "X-Gitlab-Event-UUID": delivery,
        "Idempotency-Key": delivery,
        "X-Gitlab-Token": secret,
    }


def gitlab_signed(secret: str, at: datetime, *, body: bytes = BODY, event: str = "Push Hook") -> dict[str, str]:
    """Give GitLab's headers with a signing token, signed by the standard's own library."""
    return {
        "X-Gitlab-Event": event,
        "Idempotency-Key": ID,
        "webhook-id": ID,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(ID, at.replace(tzinfo=None), body.decode()),
    }


def send(slug: str, headers: Mapping[str, str], *, body: bytes = BODY, content_type: str = "application/json") -> Any:
    """Post it as the host would: without a session, and with the CSRF check on."""
    client = Client(enforce_csrf_checks=True)
    return client.post(f"/hooks/git/{slug}/", data=body, content_type=content_type, headers=dict(headers))


def is_base64(secret: str) -> bool:
    """Tell whether the secret is what GitLab asks of a signing token: whsec_ and 32 bytes."""
    return secret.startswith("whsec_") and len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) == 32

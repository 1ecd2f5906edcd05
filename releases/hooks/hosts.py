"""How each git host signs its hooks, and what it calls an event. Pure: headers and digests in, a verdict out.

Gitea and Forgejo also send the headers of GitHub (and Forgejo those of Gitea), so they are looked for first; the
signature that counts is the one of the host that was found, and a bad one is not rescued by another header.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

PREFIX: Final = "whsec_"
# Standard Webhooks: how far the sender's clock may be off, and how long a caught message could be sent again.
TOLERANCE: Final = timedelta(minutes=5)
_PINGS: Final = frozenset({"ping"})
# What can have changed a branch or a tag. GitLab's names are those of its "X-Gitlab-Event".
_FETCHING: Final = frozenset(
    {"push", "create", "delete", "release", "Push Hook", "Tag Push Hook", "Release Hook",
     "System Hook"}
)  # fmt: skip
_HOSTS: Final = (("forgejo", "X-Forgejo-"), ("gitea", "X-Gitea-"), ("gitlab", "X-Gitlab-"), ("github", "X-GitHub-"))

Kind = Literal["fetch", "ping", "ignored"]


@dataclass(frozen=True, slots=True)
class Call:
    """What the headers say: which host it claims to be, its id of the delivery, and the event."""

    host: str
    delivery: str
    event: str

    @property
    def kind(self) -> Kind:
        """What is to be done about it."""
        if self.event in _PINGS:
            return "ping"
        return "fetch" if self.event in _FETCHING else "ignored"


def call_of(headers: Mapping[str, str]) -> Call | None:
    """Give what the headers (any letter case, as Django has them) say; None where no known host speaks so."""
    for host, prefix in _HOSTS:
        event = headers.get(f"{prefix}Event", "")
        if event:
            # GitLab's own ids: the standard's, and before that the idempotency key of one event.
            others = ("webhook-id", "Idempotency-Key", f"{prefix}Event-UUID") if host == "gitlab" else ()
            ids = [headers.get(name, "") for name in (*others, f"{prefix}Delivery")]
            return Call(host, next(filter(None, ids), "")[:100], event[:60])
    return None


class Check:
    """Takes a body piece by piece and tells whether one of the secrets has signed it; the body is never kept."""

    def __init__(self, call: Call, headers: Mapping[str, str], secrets: Iterable[str]) -> None:
        self._call = call
        self._headers = headers
        self._secrets = list(secrets)
        self._standard = call.host == "gitlab" and bool(headers.get("webhook-signature"))
        self._digests = [hmac.new(self._key(secret), self._before_body(), hashlib.sha256) for secret in self._secrets]

    def feed(self, piece: bytes) -> None:
        """Take the next bytes of the body."""
        for digest in self._digests:
            digest.update(piece)

    def holds(self, now: datetime) -> bool:
        """Tell whether it is signed, each comparison in constant time; call it when the body is through."""
        if self._standard and not self._timely(now):
            return False
        if self._call.host == "gitlab" and not self._standard:
            token = self._headers.get("X-Gitlab-Token", "").encode("utf-8", "surrogateescape")
            return _any(hmac.compare_digest(token, secret.encode()) for secret in self._secrets)
        given = [text.encode("utf-8", "surrogateescape") for text in self._given()]
        return _any(
            hmac.compare_digest(one, self._written(digest.digest())) for digest in self._digests for one in given
        )

    def _key(self, secret: str) -> bytes:
        return base64.b64decode(secret.removeprefix(PREFIX)) if self._standard else secret.encode()

    def _before_body(self) -> bytes:
        if not self._standard:
            return b""
        signed = f"{self._headers.get('webhook-id', '')}.{self._headers.get('webhook-timestamp', '')}."
        return signed.encode("utf-8", "surrogateescape")

    def _timely(self, now: datetime) -> bool:
        stamp = self._headers.get("webhook-timestamp", "")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
            return False
        return abs(now.timestamp() - int(stamp)) <= TOLERANCE.total_seconds()

    def _given(self) -> list[str]:
        """Give the signatures in the header that counts."""
        headers = self._headers
        if self._standard:
            return [one.removeprefix("v1,") for one in headers["webhook-signature"].split(" ")[:10] if one[:3] == "v1,"]
        if self._call.host == "github":
            text = headers.get("X-Hub-Signature-256", "")
            return [text.removeprefix("sha256=")] if text.startswith("sha256=") else []
        names = ("X-Forgejo-Signature", "X-Gitea-Signature") if self._call.host == "forgejo" else ("X-Gitea-Signature",)
        return [next(filter(None, (headers.get(name, "") for name in names)), "")]

    def _written(self, digest: bytes) -> bytes:
        return base64.b64encode(digest) if self._standard else binascii.hexlify(digest)


def _any(verdicts: Iterable[bool]) -> bool:
    """Tell whether one is true, after all were asked: how long it takes says nothing of which it was."""
    return sum(list(verdicts)) > 0

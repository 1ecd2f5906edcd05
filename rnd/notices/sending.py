"""One request to another system, which may be slow, wrong or hostile: bounded in time and size, never redirected."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import httpx
from django.utils.translation import gettext as _

from foundation.kit.hosts import PrivateAddress, resolve

SECONDS: Final = 15
MAX_ANSWER: Final = 4096  # of an answer nothing is used but the status


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one request: a status, or why there is none. `took_ms` in milliseconds."""

    status: int | None
    error: str
    took_ms: int

    @property
    def is_taken(self) -> bool:
        """The receiver has it: any 2xx. A redirect is a failure, for it would carry the message elsewhere."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """The receiver wants no more (410)."""
        return self.status == httpx.codes.GONE


def send(url: str, body: str, headers: dict[str, str], *, private_hosts: Collection[str]) -> Answer:
    """Post a JSON body to the address; never raises for what the other side or the network does."""
    began = time.monotonic()
    status, error = None, ""
    try:
        status = _post(url, body, headers, private_hosts)
    except PrivateAddress as refused:
        error = _("%(host)s is at the private address %(address)s, which is not allowed.") % {
            "host": refused.host,
            "address": refused.address,
        }
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as failed:
        error = f"{type(failed).__name__}: {failed}"[:300]
    return Answer(status, error, int((time.monotonic() - began) * 1000))


def _post(url: str, body: str, headers: dict[str, str], private_hosts: Collection[str]) -> int:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    address = resolve(host, port, allowed=private_hosts)[0]
    # To the address that was checked: the name could point to a private one a moment later.
    there = httpx.URL(url).copy_with(host=address, port=port)
    sent = {"Content-Type": "application/json", "User-Agent": "Fieldloop", "Host": parts.netloc, **headers}
    with (
        httpx.Client(timeout=SECONDS, follow_redirects=False, trust_env=False) as client,
        client.stream("POST", there, content=body.encode(), headers=sent, extensions={"sni_hostname": host}) as answer,
    ):
        deadline, read = time.monotonic() + SECONDS, 0
        for chunk in answer.iter_raw():
            read += len(chunk)
            if read > MAX_ANSWER or time.monotonic() > deadline:
                break
        return answer.status_code

"""A chain of hashes over the entries, so that whoever alters one in the database cannot do it unnoticed.

Each seal holds the hashes of a batch of entries and the hash of the seal before it. Who can write to the database
could rebuild the whole chain, therefore the newest hash is logged: kept elsewhere, it anchors everything before it.
"""

import json
import logging
import struct
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from foundation.journal.models import Entry, Seal
from foundation.kit import clock

log = logging.getLogger(__name__)

GENESIS: Final = bytes(32)
DIGEST_SIZE: Final = 32


def seal(entries: list[Entry]) -> None:
    """Add the next seal to the chain, over these entries in their order."""
    previous = Seal.objects.only("number", "hash").order_by("-number").first()
    number, before = (previous.number + 1, bytes(previous.hash)) if previous else (1, GENESIS)
    ids = [entry.id for entry in entries]
    digests = b"".join(digest(entry) for entry in entries)
    link = link_hash(before, number, ids, digests)
    Seal.objects.create(
        number=number,
        count=len(ids),
        first_id=ids[0],
        last_id=ids[-1],
        ids=ids,
        digests=digests,
        previous_hash=before,
        hash=link,
        sealed_at=clock.now(),
    )
    log.info("Seal %d over %d entries of the journal: %s", number, len(ids), link.hex())


def canonical(entry: Entry) -> bytes:
    """Give the one way to write an entry down: JSON in UTF-8, sorted keys, no spaces, times in UTC.

    Without `xid`, which numbers a transaction of one PostgreSQL cluster and may change when a backup is restored.
    """
    return json.dumps(
        {
            "id": entry.id,
            "subject_type": entry.subject_type,
            "subject_id": entry.subject_id,
            "kind": entry.kind,
            "occurred_at": _moment(entry.occurred_at),
            "recorded_at": _moment(entry.recorded_at),
            "actor_kind": entry.actor_kind,
            "actor_id": entry.actor_id,
            "actor_name": entry.actor_name,
            "team_id": entry.team_id,
            "data": entry.data,
        },
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    ).encode()


def digest(entry: Entry) -> bytes:
    """Give the sha256 of an entry's canonical form."""
    return sha256(canonical(entry)).digest()


def link_hash(previous: bytes, number: int, ids: Sequence[int], digests: bytes) -> bytes:
    """Give the hash of a seal: sha256 over the one before, its number, its ids (8 bytes each) and their digests."""
    return sha256(previous + struct.pack(f">{len(ids) + 1}q", number, *ids) + digests).digest()


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")

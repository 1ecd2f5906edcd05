"""Writing to the journal: one INSERT, inside the transaction of the change that it tells."""

import json
from datetime import UTC, datetime
from typing import ClassVar, Final, Protocol

from django.db import connection

from foundation.journal import kinds, waking
from foundation.journal.models import Entry
from foundation.journal.people import ActorLike
from foundation.kit import clock
from foundation.kit.transactions import require_transaction

_INSERT: Final = """
    INSERT INTO journal_entry (subject_type, subject_id, kind, occurred_at, recorded_at,
                               actor_kind, actor_id, actor_name, team_id, data)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id, xid
"""


class Subject(Protocol):
    """What an entry is about: a saved model instance whose class names its `journal_type`."""

    journal_type: ClassVar[str]

    @property
    def pk(self) -> int | None: ...


def record(
    payload: kinds.Payload,
    *,
    subject: Subject,
    actor: ActorLike,
    occurred_at: datetime | None = None,
    team_id: int | None = None,
) -> Entry:
    """Write what happened to `subject`, and wake the consumers once the transaction commits.

    `occurred_at` is when it happened according to whoever tells (a device, git); it is kept as claimed, even
    when it lies after `recorded_at`, and defaults to now. `team_id` is the team it concerns, where there is one.
    Raises TransactionRequired outside `transaction.atomic()`, UnknownKind and WrongPayload for a payload that
    its kind does not allow, ValueError for an unsaved subject or a moment without a time zone.
    """
    data = kinds.dump(payload)
    require_transaction(f"record({payload!r})")
    if subject.pk is None:
        raise ValueError(f"{subject!r} is not saved yet; the journal needs its primary key.")
    if occurred_at is not None and occurred_at.utcoffset() is None:
        raise ValueError(f"occurred_at={occurred_at!r} has no time zone. Add tzinfo=UTC.")
    now = clock.now()
    entry = Entry(
        subject_type=subject.journal_type,
        subject_id=subject.pk,
        kind=payload.kind,
        occurred_at=(occurred_at or now).astimezone(UTC),
        recorded_at=now,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        team_id=team_id,
        data=data,
    )
    _insert(entry)
    waking.wake_on_commit()
    return entry


def _insert(entry: Entry) -> None:
    """Store a new entry. Every change in the house does this, and the ORM takes more than twice the time for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [
                *(entry.subject_type, entry.subject_id, entry.kind, entry.occurred_at, entry.recorded_at),
                *(entry.actor_kind, entry.actor_id, entry.actor_name, entry.team_id, json.dumps(entry.data)),
            ],
        )
        entry.id, xid = cursor.fetchone()
    entry.xid = int(xid)
    entry._state.adding, entry._state.db = False, connection.alias

"""Writing many entries at once: what `record()` does, in one INSERT for all of them."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from django.db import connection

from foundation.journal import kinds, waking
from foundation.journal.people import ActorLike
from foundation.journal.recording import Subject
from foundation.kit import clock
from foundation.kit.transactions import require_transaction

_INSERT: Final = """
    INSERT INTO journal_entry (subject_type, subject_id, kind, occurred_at, recorded_at,
                               actor_kind, actor_id, actor_name, team_id, data)
    SELECT subject_type, subject_id, kind, occurred_at, %s, %s, %s, %s, %s, data::jsonb
    FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::timestamptz[], %s::text[])
        WITH ORDINALITY AS told(subject_type, subject_id, kind, occurred_at, data, place)
    ORDER BY place
"""


class Told(NamedTuple):
    """One of the things that happened; `occurred_at` as for `record()`."""

    payload: kinds.Payload
    subject: Subject
    occurred_at: datetime | None = None


def record_all(told: Sequence[Told], *, actor: ActorLike, team_id: int | None = None) -> None:
    """Write what happened, in this order, and wake the consumers once the transaction commits.

    Raises what `record()` raises; then nothing is written.
    """
    require_transaction("record_all()")
    if not told:
        return
    now = clock.now()
    rows = [_row(each, now) for each in told]
    columns: list[list[Any]] = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [now, actor.kind, actor.id, actor.name, team_id, *columns])
    waking.wake_on_commit()


def _row(told: Told, now: datetime) -> tuple[str, int, str, datetime, str]:
    payload, subject, occurred_at = told
    data = kinds.dump(payload)
    if subject.pk is None:
        raise ValueError(f"{subject!r} is not saved yet; the journal needs its primary key.")
    if occurred_at is not None and occurred_at.utcoffset() is None:
        raise ValueError(f"occurred_at={occurred_at!r} has no time zone. Add tzinfo=UTC.")
    moment = (occurred_at or now).astimezone(UTC)
    return subject.journal_type, subject.pk, payload.kind, moment, json.dumps(data)

"""Writing to the journal: one INSERT, inside the transaction of the change that it tells."""

from datetime import UTC, datetime
from typing import ClassVar, Protocol

from foundation.journal import kinds, waking
from foundation.journal.models import Entry
from foundation.journal.people import ActorLike
from foundation.kit import clock
from foundation.kit.transactions import require_transaction


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
    entry.save(force_insert=True)
    waking.wake_on_commit()
    return entry

"""Entries that a consumer could not handle: set aside, tried again with backoff, holding up their own subject only."""

import traceback
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from foundation.journal.models import Entry, Parked
from foundation.kit import clock
from foundation.kit.asking import objects_of
from foundation.kit.errors import Conflict, NotFound

# 5 s, 20 s, 80 s, … 1 h 25 min: a broken dependency has two hours to come back before a person is needed.
BACKOFF: Final = tuple(timedelta(seconds=5 * 4**attempt) for attempt in range(6))
ERROR_LENGTH: Final = 20_000


def next_try(attempts: int) -> datetime | None:
    """Give when to try again after `attempts` failures; None when a person has to look."""
    return clock.now() + BACKOFF[attempts - 1] if attempts <= len(BACKOFF) else None


def describe(error: BaseException) -> str:
    """Give the traceback, as text that PostgreSQL takes."""
    return "".join(traceback.format_exception(error)).replace("\x00", "\\x00")[-ERROR_LENGTH:]


def park(consumer: str, entry: Entry, error: BaseException) -> None:
    """Set an entry aside after its first failure."""
    row = _row(consumer, entry)
    row.attempts, row.retry_at, row.error = 1, next_try(1), describe(error)
    row.save(force_insert=True)


def park_behind(consumer: str, entries: Iterable[Entry]) -> None:
    """Set entries aside whose subject waits already; each is due as soon as it is its subject's oldest."""
    Parked.objects.bulk_create([_row(consumer, entry) for entry in entries])


def heads(consumer: str) -> list[Parked]:
    """Give the oldest parked entry of each subject; one query."""
    return objects_of(_heads, key=consumer)


def _heads(consumer: str) -> QuerySet[Parked]:
    first = Parked.objects.filter(consumer=consumer).order_by("subject_type", "subject_id", "id")
    return first.distinct("subject_type", "subject_id")


def locked_head(consumer: str, subject: tuple[str, int]) -> Parked | None:
    """Give the oldest parked entry of a subject, locked: a person may be dismissing it at this moment."""
    return (
        Parked.objects.select_for_update()
        .filter(consumer=consumer, subject_type=subject[0], subject_id=subject[1])
        .order_by("id")
        .first()
    )


def locked(parked_id: int) -> Parked:
    """Give a parked entry that a person decides about, locked.

    Raises NotFound where it is no longer parked, Conflict where it waits behind another of its subject.
    """
    found = Parked.objects.filter(pk=parked_id).first()
    head = found and locked_head(found.consumer, found.subject)
    if found is None or head is None:
        raise NotFound("journal.not_parked", _("This entry is no longer parked: it was handled or dismissed."))
    if head.pk != parked_id:
        raise Conflict(
            "journal.parked_behind",
            _("Entry %(entry)d waits behind entry %(head)d of the same subject. Decide about that one first.")
            % {"entry": found.entry_id, "head": head.entry_id},
        )
    return head


def counts() -> list[tuple[str, int, int]]:
    """Give (consumer, parked entries, those of them that wait for a person) of each consumer with any."""
    rows = Parked.objects.values_list("consumer").annotate(
        every=Count("id"), stuck=Count("id", filter=Q(retry_at=None))
    )
    return list(rows.order_by("consumer"))


def queue_lengths() -> list[tuple[str, str, int, int]]:
    """Give (consumer, subject type, subject id, parked entries) of each held-up subject."""
    rows = Parked.objects.values_list("consumer", "subject_type", "subject_id").annotate(waiting=Count("id"))
    return list(rows.order_by())


def is_due(head: Parked) -> bool:
    """Tell whether it is time to try a head again."""
    return head.retry_at is not None and head.retry_at <= clock.now()


def fail_again(head: Parked, error: BaseException) -> None:
    """Count one more failure of a head."""
    head.attempts += 1
    head.retry_at = next_try(head.attempts)
    head.error = describe(error)
    head.save(update_fields=["attempts", "retry_at", "error"])


def _row(consumer: str, entry: Entry) -> Parked:
    now = clock.now()
    return Parked(
        consumer=consumer,
        entry_id=entry.id,
        subject_type=entry.subject_type,
        subject_id=entry.subject_id,
        kind=entry.kind,
        parked_at=now,
        retry_at=now,
    )

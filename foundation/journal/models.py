"""The journal's tables: the entries, each consumer's place in them, what it could not handle, and the seals."""

from typing import ClassVar, Final

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.journal import kinds
from foundation.journal.fields import CurrentTransaction, XidField

_REFUSE: Final = """
    RAISE EXCEPTION 'The journal only grows: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
"""


def append_only() -> list[pgtrigger.Trigger]:
    """Give the triggers that let a table only grow, whoever writes to it."""
    return [
        pgtrigger.Trigger(
            name="append_only",
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            func=_REFUSE,
        ),
        pgtrigger.Trigger(
            name="append_only_truncate",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func=_REFUSE,
        ),
    ]


class Entry(models.Model):
    """One thing that happened. Written by `record()` only, and never changed.

    The table is partitioned by month of `recorded_at` (see `partitions.py`), so nothing can have a foreign key
    to it: keep an entry's `id` as a plain number.
    """

    id = models.BigAutoField(primary_key=True)
    xid = XidField(db_default=CurrentTransaction(), editable=False)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=80)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    team_id = models.BigIntegerField(null=True)
    data = models.JSONField()

    class Meta:
        indexes = (
            # positions.unread: what became readable since the last look, without touching the table
            models.Index(fields=["xid"], include=["id", "kind"], name="journal_entry_window"),
            # queries.activity and queries.entries_of: the story of a subject
            models.Index(fields=["subject_type", "subject_id", "occurred_at", "id"], name="journal_entry_subject"),
        )
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.id} {self.kind} {self.subject_type}:{self.subject_id}"

    @property
    def payload(self) -> kinds.Payload:
        """The typed payload; raises UnknownKind where the room that wrote it is no longer installed."""
        return kinds.load(self.kind, self.data)

    @property
    def subject(self) -> tuple[str, int]:
        """What it is about, as (type, id)."""
        return self.subject_type, self.subject_id


class Cursor(models.Model):
    """How far one consumer has read.

    Everything written by transactions below `window_from` is behind it, and so are the entries up to `last_id`
    of the window [`window_from`, `window_to`). `positions.py` explains the order.
    """

    journal_type: ClassVar[str] = "consumer"

    consumer = models.CharField(max_length=100, unique=True)
    window_from = XidField(default=0)
    window_to = XidField(default=0)
    last_id = models.BigIntegerField(default=0)
    # For the day when a backup is restored into another cluster, where transaction numbers begin anew (`adopting.py`).
    high_id = models.BigIntegerField(default=0, help_text="the highest id among the entries handled")
    cluster = models.BigIntegerField(default=0, help_text="which PostgreSQL cluster the window's numbers come from")
    handled = models.BigIntegerField(default=0, help_text="entries handled since the beginning or the last replay")
    moved_at = models.DateTimeField(null=True)
    # Only for a consumer that stops at a failure instead of parking (the sealing).
    attempts = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return self.consumer


class Parked(models.Model):
    """An entry that a consumer could not handle, or that waits behind such a one of the same subject.

    The oldest row of a (consumer, subject) is its head: the only one that is tried. A head without `retry_at`
    has used up its attempts and waits for a person.
    """

    consumer = models.CharField(max_length=100)
    entry_id = models.BigIntegerField()
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=80)
    attempts = models.PositiveIntegerField(default=0)
    parked_at = models.DateTimeField()
    retry_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, default="", help_text="the traceback of the last attempt")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["consumer", "entry_id"], name="journal_parked_once"),)
        indexes = (
            # parking.heads: the oldest parked entry of each subject
            models.Index(fields=["consumer", "subject_type", "subject_id", "id"], name="journal_parked_head"),
        )

    def __str__(self) -> str:
        return f"{self.entry_id} {self.kind} {self.subject_type}:{self.subject_id}"

    @property
    def subject(self) -> tuple[str, int]:
        """What the entry is about, as (type, id)."""
        return self.subject_type, self.subject_id


class Seal(models.Model):
    """One link of the hash chain over the entries, in the order in which the sealing consumer read them."""

    number = models.BigIntegerField(primary_key=True)
    count = models.PositiveIntegerField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    ids = ArrayField(models.BigIntegerField())
    # The entries' own hashes, 32 bytes each in the order of `ids`: they let verify_journal name the bad entry.
    digests = models.BinaryField()
    previous_hash = models.BinaryField()
    hash = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.number}: {bytes(self.hash).hex()}"

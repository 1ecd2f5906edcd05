"""Writes commits into the database as git streams them: one COPY a batch, each in its own transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.db import IntegrityError, connection, transaction

from releases.git.history import CommitRecord
from releases.models import Commit, Fetch

_COLUMNS: Final = (
    "repository_id", "fetch_id", "sha", "parents", "author", "author_email", "authored_at", "committed_at",
    "subject", "body", "content_class_id",
)  # fmt: skip
_COPY: Final = f"COPY {Commit._meta.db_table} ({', '.join(_COLUMNS)}) FROM STDIN"


class Ingest:
    """Takes batches of commits for one fetch. `class_of` gives the class of commits where it is known already."""

    def __init__(
        self, fetch: Fetch, *, class_of: Mapping[str, int], progress: Callable[[int], None] = lambda _count: None
    ) -> None:
        self._fetch = fetch
        self._class_of = class_of
        self._progress = progress
        self.count = 0

    def take(self, records: Sequence[CommitRecord]) -> None:
        """Store a batch; commits that a fetch before (one that was interrupted) has brought are left alone."""
        try:
            with transaction.atomic():
                self._copy(records)
        except IntegrityError:
            with transaction.atomic():
                self._insert_missing(records)
        self.count += len(records)
        self._progress(self.count)

    def _copy(self, records: Sequence[CommitRecord]) -> None:
        repository, fetch, class_of = self._fetch.repository_id, self._fetch.pk, self._class_of
        with connection.cursor() as cursor:
            underlying: Any = cursor.cursor
            with connection.wrap_database_errors, underlying.copy(_COPY) as copy:
                for record in records:
                    copy.write_row((repository, fetch, *record, class_of.get(record.sha)))

    def _insert_missing(self, records: Sequence[CommitRecord]) -> None:
        Commit.objects.bulk_create(
            [
                Commit(
                    repository_id=self._fetch.repository_id,
                    fetch=self._fetch,
                    content_class_id=self._class_of.get(record.sha),
                    **record._asdict(),
                )
                for record in records
            ],
            ignore_conflicts=True,
        )

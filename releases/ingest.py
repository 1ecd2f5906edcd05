"""Writes commits into the database as git streams them: one COPY a piece, each in its own short transaction.

Rows are put together column by column from git's own bytes; PostgreSQL reads them as CSV with signs that no text has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.db import IntegrityError, connection, transaction

from releases.git.history import Commits
from releases.models import Commit, Fetch

_COLUMNS: Final = (
    "repository_id, fetch_id, sha, parents, author, author_email, authored_at, committed_at, subject, body,"
    " content_class_id"
)
_FORMAT: Final = "(FORMAT csv, DELIMITER E'\\x1f', QUOTE E'\\x01', ENCODING 'UTF8')"
_QUOTE, _BETWEEN = b"\x01", b"\x01\x1f\x01"
_TABLE: Final = Commit._meta.db_table
# Where commits are kept on the way, when some of them may be there already.
_ASIDE: Final = "releases_arriving_commit"


class Ingest:
    """Takes commits for one fetch. `class_of` gives their content classes as text, empty for none."""

    def __init__(
        self,
        fetch: Fetch,
        *,
        class_of: Callable[[Sequence[bytes]], list[bytes]],
        progress: Callable[[int], None] = lambda _count: None,
    ) -> None:
        self._fetch = fetch
        self._class_of = class_of
        self._progress = progress
        self.count = 0

    def take(self, commits: Commits) -> None:
        """Store a piece; commits that a fetch before (one that was interrupted) has brought are left alone."""
        rows = self._rows(commits)
        try:
            with transaction.atomic():
                _copy(_TABLE, rows)
        except IntegrityError:
            with transaction.atomic():
                _copy_missing(rows)
        self.count += len(commits.sha)
        self._progress(self.count)

    def _rows(self, commits: Commits) -> bytes:
        parents = [b"{" + ids.replace(b" ", b",") + b"}" if ids else b"{}" for ids in commits.parents]
        columns = commits._replace(parents=parents)
        rows = self._joined(columns, commits.sha)
        if rows.count(_QUOTE) != 2 * len(columns) * len(commits.sha):
            # Somebody has written our quotation mark into a message: it is doubled, as CSV has it.
            columns = Commits(*([value.replace(_QUOTE, _QUOTE * 2) for value in column] for column in columns))
            rows = self._joined(columns, commits.sha)
        return rows

    def _joined(self, columns: Commits, shas: Sequence[bytes]) -> bytes:
        begin = b"%d\x1f%d\x1f\x01" % (self._fetch.repository_id, self._fetch.pk)
        # Each row is begun by `begin`, and ended by its class, which is not quoted: nothing there means NULL.
        ends = [_QUOTE + b"\x1f" + number + b"\n" for number in self._class_of(shas)]
        lines = map(_BETWEEN.join, zip(*columns, strict=True))
        return b"".join([begin + line + end for line, end in zip(lines, ends, strict=True)])


def _copy(table: str, rows: bytes) -> None:
    with connection.cursor() as cursor:
        underlying: Any = cursor.cursor
        statement = f"COPY {table} ({_COLUMNS}) FROM STDIN {_FORMAT}"
        with connection.wrap_database_errors, underlying.copy(statement) as copy:
            copy.write(rows)


def _copy_missing(rows: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {_ASIDE} (LIKE {_TABLE}) ON COMMIT DROP")
        cursor.execute(f"ALTER TABLE {_ASIDE} ALTER id DROP NOT NULL")
        _copy(_ASIDE, rows)
        cursor.execute(
            f"INSERT INTO {_TABLE} ({_COLUMNS}) SELECT {_COLUMNS} FROM {_ASIDE} ON CONFLICT DO NOTHING"  # noqa: S608
        )

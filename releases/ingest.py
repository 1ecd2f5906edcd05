"""Writes commits into the database as git streams them: by COPY, in short transactions.

Git reads, a thread of ours makes rows, and PostgreSQL stores them, all three at the same time. Rows are put together
column by column from git's own bytes; PostgreSQL reads them as CSV with signs that no text has.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

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
# A transaction ends after so many commits or seconds: consumers of the journal wait for every open one.
_TOGETHER: Final = 8192
_LONGEST: Final = 1.0
# Where commits are kept on the way, when some of them may be there already.
_ASIDE: Final = "releases_arriving_commit"


class Rows(NamedTuple):
    """Commits as PostgreSQL reads them, and how many they are."""

    text: bytes
    number: int


class Ingest:
    """Takes commits for one fetch; to be used as a context. `class_of` gives their content classes, empty for none.

    `rows` may be called in another thread than the rest. `progress` is told after each transaction.
    """

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
        self._stack = ExitStack()
        self._copying: Any = None
        # What the open transaction has been given, for the case that some of it is there already.
        self._given: list[Rows] = []
        self._began = 0.0
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is None:
            self._end()
        else:
            self._stack.__exit__(kind, error, at)

    def rows(self, commits: Commits) -> Rows:
        """Give the commits as rows of this fetch."""
        return Rows(self._rows(commits), len(commits.sha))

    def take(self, rows: Rows) -> None:
        """Hand rows to PostgreSQL, which stores them while we go on; every few thousand are a transaction."""
        if not self._given:
            self._begin()
        self._given.append(rows)
        with connection.wrap_database_errors:
            self._copying.write(rows.text)
        if sum(given.number for given in self._given) >= _TOGETHER or time.monotonic() - self._began > _LONGEST:
            self._end()

    def _begin(self) -> None:
        self._began = time.monotonic()
        self._stack.enter_context(transaction.atomic())
        _trust_next_commit()
        self._copying = self._stack.enter_context(_copy_into(_TABLE))

    def _end(self) -> None:
        """Commit; commits that a fetch before (one that was interrupted) has brought are left alone."""
        given, self._given = self._given, []
        try:
            self._stack.close()
        except IntegrityError:
            with transaction.atomic():
                _copy_missing(b"".join([rows.text for rows in given]))
        if given:
            self.count += sum(rows.number for rows in given)
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


@contextmanager
def _copy_into(table: str) -> Iterator[Any]:
    with connection.cursor() as cursor:
        underlying: Any = cursor.cursor
        with (
            connection.wrap_database_errors,
            underlying.copy(f"COPY {table} ({_COLUMNS}) FROM STDIN {_FORMAT}") as copy,
        ):
            yield copy


def _trust_next_commit() -> None:
    """Do not wait for the disk: the transaction that ends the fetch does; without it these are read once more."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


def _copy_missing(rows: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {_ASIDE} (LIKE {_TABLE})")
        cursor.execute(f"ALTER TABLE {_ASIDE} ALTER id DROP NOT NULL")
        with _copy_into(_ASIDE) as copy:
            copy.write(rows)
        cursor.execute(
            f"INSERT INTO {_TABLE} ({_COLUMNS}) SELECT {_COLUMNS} FROM {_ASIDE} ON CONFLICT DO NOTHING"  # noqa: S608 -- only our own names
        )
        cursor.execute(f"DROP TABLE {_ASIDE}")

"""One partition of the segments for each month in which loops began, made when its first loop is stored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from typing import Final

from django.db import transaction

from foundation.kit.transactions import lock
from rnd.cycles.harvest import Cursor


def ensure(cursor: Cursor, months: Iterable[date]) -> None:
    """Make the partitions of these months (their first days) that are missing; call it inside a transaction."""
    wanted = {name_of(month): month for month in months}
    if wanted.keys() <= _known:
        return
    there = existing(cursor)
    if not wanted.keys() <= there:
        lock("cycles.partitions")
        there = existing(cursor)
        for name in sorted(wanted.keys() - there):
            _make(cursor, name, wanted[name])
    # What this transaction made is there for the next one only if it commits.
    transaction.on_commit(partial(_known.update, wanted))


# What is certainly there: asking the catalogue takes as long as storing a loop.
_known: Final[set[str]] = set()


def existing(cursor: Cursor) -> frozenset[str]:
    """Give the names of all partitions."""
    cursor.execute(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
        "WHERE i.inhparent = to_regclass('cycles_segment')"
    )
    return frozenset(row[0] for row in cursor.fetchall())


def name_of(month: date) -> str:
    """Give the name of a month's partition."""
    return f"cycles_segment_{month:%Y_%m}"


_MONTH: Final = timedelta(days=31)


def _make(cursor: Cursor, name: str, month: date) -> None:
    following = (month + _MONTH).replace(day=1)
    limits = f"FROM ('{month} 00:00+00') TO ('{following} 00:00+00')"
    # Made apart and then attached: that does not lock readers and writers out of the other partitions.
    cursor.execute(f"CREATE TABLE {name} (LIKE cycles_segment INCLUDING ALL)".encode())
    cursor.execute(f"ALTER TABLE cycles_segment ATTACH PARTITION {name} FOR VALUES {limits}".encode())

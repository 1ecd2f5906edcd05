"""One partition of the journal for each month, made ahead of time.

A month is the unit that an operator can move to slower disks or detach into an archive. Nothing depends on a
partition being there: what has none goes to the default partition, which is as well protected.
"""

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final

from django.db import connection, transaction
from django.db.utils import OperationalError

from foundation.journal.models import Entry
from foundation.kit import clock
from foundation.kit.transactions import lock

log = logging.getLogger(__name__)

MONTHS_AHEAD: Final = 2
LOCK_TIMEOUT: Final = "2s"


def ensure(*, first: date | None = None, last: date | None = None) -> list[str]:
    """Make the missing partitions from the month of `first` to that of `last`; give the names of the new ones.

    By default from this month to two months ahead. A month of which entries already lie in the default partition
    stays there. Where the tables are locked by others for seconds, it gives up: the next call tries again.
    """
    today = clock.now().date()
    first = first or today
    last = last or _months_later(today, MONTHS_AHEAD)
    there = existing()
    missing = [month for month in _months(first, last) if name_of(month) not in there]
    made = []
    for month in missing:
        try:
            if _make(month):
                made.append(name_of(month))
        except OperationalError as error:  # lock_timeout, or a deadlock with a reader of all partitions
            log.warning("The partition %s is not made yet: %s", name_of(month), error)
    return made


def existing() -> frozenset[str]:
    """Give the names of all partitions, with the default one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
            "WHERE i.inhparent = to_regclass('journal_entry')"
        )
        return frozenset(row[0] for row in cursor.fetchall())


def name_of(month: date) -> str:
    """Give the name of a month's partition."""
    return f"journal_entry_{month:%Y_%m}"


def _make(month: date) -> bool:
    start, end = _start(month), _start(_months_later(month, 1))
    name, guard = name_of(month), _truncate_guard()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
        lock("journal.partitions")
        if name in existing():
            return False
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM journal_entry_default WHERE recorded_at >= %s AND recorded_at < %s)",
            [start, end],
        )
        if cursor.fetchone()[0]:
            return False
        # Made apart and then attached: that does not lock writers out of the other partitions.
        cursor.execute(f"CREATE TABLE {name} (LIKE journal_entry INCLUDING DEFAULTS INCLUDING STORAGE)")
        cursor.execute(f"ALTER TABLE journal_entry ATTACH PARTITION {name} FOR VALUES FROM ('{start}') TO ('{end}')")
        # Row triggers come from the parent; PostgreSQL does not hand down those for TRUNCATE.
        cursor.execute(
            f"CREATE TRIGGER {guard} BEFORE TRUNCATE ON {name} FOR EACH STATEMENT EXECUTE FUNCTION {guard}()"
        )
    return True


def _truncate_guard() -> str:
    """Give the name of the parent's trigger (and of its function) against TRUNCATE."""
    triggers = {trigger.name: trigger for trigger in Entry._meta.triggers}  # type: ignore[attr-defined]  # pgtrigger's
    return str(triggers["append_only_truncate"].get_pgid(Entry))


def _start(month: date) -> datetime:
    return datetime(month.year, month.month, 1, tzinfo=UTC)


def _months_later(day: date, months: int) -> date:
    month = day.year * 12 + day.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = _months_later(month, 1)

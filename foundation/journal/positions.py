"""The order in which the journal is read, and how it is known that nothing is skipped.

An id is taken when an entry is inserted, but the entry can be seen only when its transaction commits. So an entry
with a low id may appear after one with a high id has been read, and ids alone are no safe place to continue from.

The *horizon* is the oldest transaction that still runs (`pg_snapshot_xmin`). Every transaction below it has ended:
the set of entries it wrote is complete and will never change. A reader therefore goes from horizon to horizon, and
handles the entries of the transactions in between, one *window*, in the order of their ids.

Why by id inside a window, and not by transaction number: two transactions that change the same ticket wait for each
other at its row lock. The first to record has the lower id, but either may have the lower transaction number. They
cannot be torn apart by a window's edge in the wrong order either: an edge between them would be a moment at which
the lower-numbered had ended and the higher-numbered had not, and it is the higher-numbered that ended first.
So of two entries of which the later one knew of the earlier, the earlier is always read first.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection

from foundation.journal.models import Cursor, Entry
from foundation.journal.registry import Consumer
from foundation.kit.asking import planned_once

CHUNK: Final = 20_000
_FIELDS: Final = tuple(Entry._meta.concrete_fields)
COLUMNS: Final = ", ".join(f"e.{field.column}" for field in _FIELDS)
# What a reader that keeps up asks for is planned once a connection: to plan over all months takes longer than to read.
# A window of so many transactions is read from the index that is made for it, and so many entries by their numbers.
_NARROW: Final = 2000
_FEW: Final = 200


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the journal: everything below `window_from` is read, and of the window the ids up to `last_id`."""

    window_from: int = 0
    window_to: int = 0
    last_id: int = 0

    def at(self, entry_id: int) -> "Position":
        """Give the place right after one entry of the window."""
        return replace(self, last_id=entry_id)

    def end(self) -> "Position":
        """Give the place after the whole window."""
        return Position(self.window_to, self.window_to, 0)


class Unread(NamedTuple):
    """Ids to be read next, in order; `whole` when there are no others below the horizon in this window."""

    position: Position
    ids: list[int]
    whole: bool


def of(cursor: Cursor) -> Position:
    """Give a consumer's place."""
    return Position(cursor.window_from, cursor.window_to, cursor.last_id)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a reader has to know before it reads, all of it as of one moment.

    `below` is the horizon, `newest` the highest transaction number of any entry. `foreign` tells that cursors were
    made in another PostgreSQL cluster: a backup was restored, and transaction numbers have begun anew.
    """

    below: int
    newest: int
    cluster: int
    foreign: bool


def outlook() -> Outlook:
    """Look once; one query."""
    with planned_once() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(pg_current_snapshot()), "
            "(SELECT xid FROM journal_entry ORDER BY xid DESC LIMIT 1), here.system_identifier, "
            "EXISTS (SELECT 1 FROM journal_cursor WHERE cluster NOT IN (0, here.system_identifier)) "
            "FROM pg_control_system() AS here"
        )
        below, newest, cluster, foreign = cursor.fetchone()
    return Outlook(int(below), int(newest or 0), cluster, foreign)


def horizon() -> int:
    """Give the transaction number below which every transaction has ended."""
    return outlook().below


def new_cursors(consumers: Iterable[Consumer], look: Outlook) -> list[Cursor]:
    """Make the cursors of consumers that have none, unless another process is quicker; two queries.

    Each is put right before the first entry there is, not before all time: then it tells how far it has to look.
    """
    first, highest = _row("SELECT (SELECT xid FROM journal_entry ORDER BY xid LIMIT 1), max(id) FROM journal_entry")
    # Whoever began before the horizon has ended, and nothing of theirs can come before the first.
    oldest = look.below if first is None else min(look.below, int(first))
    made = []
    for consumer in consumers:
        now = consumer.start == "now"
        place = look.below if now else oldest
        made.append(
            Cursor(
                consumer=consumer.name,
                window_from=place,
                window_to=place,
                high_id=(highest or 0) if now else 0,
                cluster=look.cluster,
            )
        )
    return Cursor.objects.bulk_create(made, ignore_conflicts=True)


def waiting(above: int) -> bool:
    """Tell whether there are committed entries that no reader with this horizon may read yet."""
    return bool(_value("SELECT EXISTS (SELECT 1 FROM journal_entry WHERE xid >= %s)", [str(above)]))


def kinds_from(transaction: int) -> dict[str, int]:
    """Give the kinds of the entries of this transaction and later ones, each with its highest transaction number.

    One query; it reads all of them, so that it is asked for the last few only.
    """
    with planned_once() as cursor:
        cursor.execute(
            "SELECT kind, max(xid::text::bigint) FROM journal_entry WHERE xid >= %s GROUP BY kind", [str(transaction)]
        )
        return dict(cursor.fetchall())


def unread(position: Position, below: int, kinds: Collection[str] | None = None, limit: int = CHUNK) -> Unread:
    """Give the next ids after `position`, from the open window or else from a new one that reaches to `below`."""
    ids = _ids(position, kinds, limit)
    if not ids and position.window_to < below:
        position = Position(position.window_to, below, 0)
        ids = _ids(position, kinds, limit)
    return Unread(position, ids, len(ids) < limit)


def entries(ids: list[int]) -> list[Entry]:
    """Give the entries with these ids, in the order of their ids; one query."""
    if not ids:
        return []
    # The range lets PostgreSQL pass over the partitions that hold none of them.
    query = (
        f"SELECT {COLUMNS} FROM journal_entry e WHERE e.id BETWEEN %s::bigint AND %s::bigint "  # noqa: S608 -- only our own column names
        "AND e.id = ANY(%s::bigint[]) ORDER BY e.id"
    )
    if len(ids) > _FEW:
        return list(Entry.objects.raw(query, [min(ids), max(ids), ids]))
    with planned_once() as cursor:
        # As text: numbers of another size would be another query.
        cursor.execute(query, [str(min(ids)), str(max(ids)), "{" + ",".join(map(str, ids)) + "}"])
        return [_entry_of(row) for row in cursor.fetchall()]


def _entry_of(row: tuple[Any, ...]) -> Entry:
    values = [
        field.from_db_value(value, None, connection) if hasattr(field, "from_db_value") else value
        for field, value in zip(_FIELDS, row, strict=True)
    ]
    return Entry.from_db(DEFAULT_DB_ALIAS, [field.attname for field in _FIELDS], values)


def count_after(position: Position) -> int:
    """Give how many entries there are after a place, readable yet or not."""
    query = "SELECT count(*) FROM journal_entry WHERE xid >= %s AND (xid >= %s OR id > %s)"
    return int(_value(query, [str(position.window_from), str(position.window_to), position.last_id]))


def entry(entry_id: int) -> Entry:
    """Give one entry; raises LookupError where it is gone, which nothing but tampering can cause."""
    for found in entries([entry_id]):
        return found
    raise LookupError(f"The journal has no entry {entry_id} any more. Run `manage.py verify_journal`.")


def _ids(position: Position, kinds: Collection[str] | None, limit: int) -> list[int]:
    if position.window_from >= position.window_to:
        return []
    wanted = ""
    params: list[Any] = [str(position.window_from), str(position.window_to), str(position.last_id)]
    if kinds is not None:
        wanted = "AND kind = ANY(%s)"
        params.append(sorted(kinds))
    narrow = position.window_to - position.window_from <= _NARROW
    found = f"SELECT id FROM journal_entry WHERE xid >= %s AND xid < %s AND id > %s::bigint {wanted}"  # noqa: S608 -- as above
    if narrow:  # OFFSET keeps PostgreSQL from going through all entries in the order of their numbers
        found = f"SELECT id FROM ({found} OFFSET 0) AS few"  # noqa: S608 -- as above
    with planned_once() if narrow else connection.cursor() as cursor:
        cursor.execute(f"{found} ORDER BY id LIMIT %s", [*params, limit])
        return [row[0] for row in cursor.fetchall()]


def _value(query: str, params: list[Any] | None = None) -> Any:
    row = _row(query, params)
    return None if row is None else row[0]


def _row(query: str, params: list[Any] | None = None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, params or [])
        return cursor.fetchone()

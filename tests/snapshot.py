"""What a database holds, taken once and put back in one statement: the cast is assembled once a worker.

Some fifty actions take half a second; their rows are the same each time. What a test adds to the cast can be kept in
the same way.
"""

import json
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction
from psycopg import sql

from tests.cast import Cast, assemble

# What no test changes, and the flush between two tests leaves.
KEPT: Final = ("django_migrations", "django_content_type", "auth_permission")

_Table = tuple[str, list[str], str]  # name, columns, rows as JSON
# Not the number of the transaction that wrote a row: another does that now, and readers of the journal go by it.
_TABLES: Final = """
SELECT c.relname, array_agg(quote_ident(a.attname) ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND NOT c.relname = ANY(%s)
    AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND NOT EXISTS (
        SELECT FROM pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum
            AND pg_get_expr(d.adbin, d.adrelid) = 'pg_current_xact_id()'
    )
GROUP BY c.relname
ORDER BY c.relname
"""
_NUMBERS: Final = """
SELECT sequencename, last_value FROM pg_sequences
WHERE schemaname = 'public' AND last_value IS NOT NULL
    AND sequencename NOT LIKE ALL (SELECT kept || '_id%%' FROM unnest(%s::text[]) AS kept)
ORDER BY sequencename
"""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The rows of every table that holds any."""

    tables: tuple[str, ...]
    statement: str

    def fits(self) -> bool:
        """Tell whether every table that the snapshot would fill is empty."""
        filled = sql.SQL(" OR ").join(
            sql.SQL("EXISTS (SELECT FROM {})").format(sql.Identifier(table)) for table in self.tables
        )
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("SELECT {}").format(filled))
            return not cursor.fetchone()[0]

    def put_back(self, *, instead: tuple[str, str] = ("", "")) -> None:
        """Fill the tables again, with one word `instead` of another. Foreign keys are looked at when it commits."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(self.statement.replace(*instead) if instead[0] else self.statement)


@dataclass(frozen=True, slots=True)
class Addition:
    """What was added to what a database held already; `numbers` are those that came last where both have rows."""

    numbers: list[tuple[str, int]]
    rows: Snapshot

    def fits(self) -> bool:
        """Tell whether this database is, where it matters, as the one before the addition."""
        return self.rows.fits() and self.numbers == [one for one in _numbers() if one in self.numbers]


def addition_of(make: Callable[[], object]) -> Addition | None:
    """Give what `make` adds to the database; None where it changes as well what was there."""
    before, numbers = {table: rows for table, _, rows in _filled()}, _numbers()
    make()
    after = _filled()
    added: list[_Table] = []
    if not before.keys() <= {table for table, _, _ in after}:
        return None
    for table, columns, rows in after:
        old, new = json.loads(before.get(table, "[]")), json.loads(rows)
        if any(row not in new for row in old):
            return None
        if fresh := [row for row in new if row not in old]:
            added.append((table, columns, json.dumps(fresh)))
    names = [table for table, _, _ in added]
    both = [table for table in names if table in before]
    statement = _taken(added, _numbers_of(names, _numbers())).statement
    empty = tuple(table for table in names if table not in before)
    return Addition(_numbers_of(both, numbers), Snapshot(tables=empty, statement=statement))


class Assembled:
    """The cast and its rows, once it was assembled."""

    def __init__(self) -> None:
        self._kept: tuple[bytes, Snapshot] | None = None

    def give(self) -> Cast:
        """Give the cast in this test's database, which may already hold something of the test's own."""
        if self._kept is None:
            before = _filled()
            assembled = assemble()
            # What was there before (a migration's rows, or the test's own) is nothing of the cast's.
            added = [table for table in _filled() if table not in before]
            if not {name for name, *_ in added} & {name for name, *_ in before}:
                self._kept = pickle.dumps(assembled), _taken(added, _numbers())
            return assembled
        if not self._kept[1].fits():
            return assemble()
        self._kept[1].put_back()
        kept: Cast = pickle.loads(self._kept[0])
        return kept


def _taken(filled: list[_Table], numbers: list[tuple[str, int]]) -> Snapshot:
    """Take these tables as they are, and the numbers that came last."""
    statements: list[sql.Composable] = []
    with connection.cursor():
        for table, columns, rows in filled:
            names = sql.SQL(", ".join(columns))
            statements.append(
                sql.SQL(
                    "INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE SELECT {names}"
                    " FROM json_populate_recordset(NULL::{table}, {rows})"
                ).format(table=sql.Identifier(table), names=names, rows=sql.Literal(rows))
            )
        statements += [
            sql.SQL("SELECT setval({}, {})").format(sql.Literal(f'"{name}"'), sql.Literal(last))
            for name, last in numbers
        ]
        whole = sql.SQL(";\n").join(statements).as_string(connection.connection)
    return Snapshot(tables=tuple(table for table, _, _ in filled), statement=whole)


def _numbers_of(tables: list[str], numbers: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Give those that number these tables; a partition is numbered with its whole."""
    return [
        (name, last)
        for name, last in numbers
        if any(table.startswith(name.removesuffix("_id_seq")) for table in tables)
    ]


def _numbers() -> list[tuple[str, int]]:
    """Give the last number of everything that was ever numbered here."""
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [list(KEPT)])
        return list(cursor.fetchall())


def _filled() -> list[_Table]:
    """Give the tables that hold rows."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(_TABLES, [list(KEPT)])
        for table, columns in cursor.fetchall():
            cursor.execute(sql.SQL("SELECT json_agg(t)::text FROM {} AS t").format(sql.Identifier(table)))
            (rows,) = cursor.fetchone()
            if rows is not None:
                found.append((table, columns, rows))
    return found

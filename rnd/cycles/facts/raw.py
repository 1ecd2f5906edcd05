"""Reading and writing past the ORM: bare cursors that give moments as integers, for what handles millions of rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import islice
from struct import Struct
from threading import local
from typing import Any, Final, LiteralString, TypeVar

import psycopg
from django.db import connection
from psycopg.adapt import Dumper
from psycopg.pq import Format
from psycopg.rows import tuple_row
from psycopg.types.numeric import Int8BinaryLoader

T = TypeVar("T")

# PostgreSQL's own count: microseconds since the year 2000. So moments travel as they are stored.
EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
DAY: Final = 86_400_000_000
_MICROSECOND: Final = timedelta(microseconds=1)
# So many times more numbers than are wanted may lie in a range, and reading all of it is still quicker than by number.
_SPARSE: Final = 4

# Up to so many numbers a query is one of those that are asked often.
FEW: Final = 16

_HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER: Final = b"\xff\xff"


class Packed:
    """An array as PostgreSQL's binary format has it, of BIGINT or of MOMENT; they may be None."""

    __slots__ = ("packed",)

    def __init__(self, kind: int, values: Collection[int | None]) -> None:
        header = _array_of(1, None in values, kind, len(values), 1)
        self.packed = header + b"".join([NULL if value is None else bigint(8, value) for value in values])


# How PostgreSQL numbers the types of what an array holds.
SMALLINT, INTEGER, BIGINT, MOMENT = 21, 23, 20, 1184
NULL: Final = Struct(">i").pack(-1)
bigint: Final = Struct(">iq").pack
_array_of: Final = Struct(">iiiii").pack


class _PackedDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Packed) -> bytes:
        return obj.packed


class Cursor(psycopg.Cursor[tuple[Any, ...]]):
    """A cursor whose `timestamptz` are microseconds since 2000, as binary integers."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        super().__init__(connection, row_factory=tuple_row)
        self.adapters.register_loader("timestamptz", Int8BinaryLoader)

    @cached_property
    def beside(self) -> psycopg.RawCursor[tuple[Any, ...]]:
        """Another one that takes long statements as they are, with $1 and Packed parameters."""
        raw = psycopg.RawCursor(self.connection, row_factory=tuple_row)
        raw.adapters.register_dumper(Packed, _PackedDumper)
        return raw


class _Kept(local):
    cursor: Cursor | None = None


_kept: Final = _Kept()


@contextmanager
def cursor(*, kept: bool = False) -> Iterator[Cursor]:
    """Give a cursor on Django's connection.

    The one that is `kept` is made once a connection, and is for few rows, as it holds on to the last ones: to make one
    takes as long as to ask a query. Errors come out as Django's own, so that callers need to know one kind only.
    """
    connection.ensure_connection()
    asked = connection.connection
    with connection.wrap_database_errors:
        if not kept:
            with Cursor(asked) as bare:
                yield bare
            return
        if _kept.cursor is None or _kept.cursor.connection is not asked:
            _kept.cursor = Cursor(asked)
        yield _kept.cursor


def rows(bare: Cursor, query: LiteralString, *params: Any, often: bool = False) -> list[tuple[Any, ...]]:
    """Give all rows of a query. One that is asked `often` is planned once: over many partitions that takes long."""
    return bare.execute(query, params, binary=True, prepare=often).fetchall()


@lru_cache(maxsize=1000)
def word(text: str) -> bytes:
    """Give a text as a field of COPY's binary format."""
    raw = text.encode()
    return Struct(">i").pack(len(raw)) + raw


def copy_in(bare: Cursor, query: LiteralString, packed: Iterable[bytes]) -> None:
    """Stream packed rows into `COPY … FROM STDIN (FORMAT BINARY)`."""
    with bare.copy(query) as copy:
        copy.write(_HEADER)
        copy.write(b"".join(packed))
        copy.write(_TRAILER)


def among(column: LiteralString, numbers: Collection[int]) -> tuple[LiteralString, list[Any]]:
    """Give the condition that keeps these numbers, with its parameters; a dense range may let others through too."""
    least, most = min(numbers, default=0), max(numbers, default=0)
    if len(numbers) > FEW and most - least < _SPARSE * len(numbers):
        return f"{column} BETWEEN %s AND %s", [least, most]
    return f"{column} = ANY(%s::bigint[])", [array(numbers)]


def array(values: Iterable[object]) -> str:
    """Give numbers, days or plain words for `%s::bigint[]` and the like.

    As a list each size of number would make another query to be planned, and to look through it takes longer.
    """
    return "{" + ",".join(map(str, values)) + "}"


def to_int(moment: datetime) -> int:
    """Give an aware moment as PostgreSQL counts it."""
    return (moment - EPOCH) // _MICROSECOND


def from_int(microseconds: int) -> datetime:
    """Give the moment (in UTC) of PostgreSQL's count."""
    return EPOCH + timedelta(microseconds=microseconds)


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Give lists of at most `size` items."""
    remaining = iter(items)
    while chunk := list(islice(remaining, size)):
        yield chunk

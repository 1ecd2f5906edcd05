"""Reading and writing past the ORM: bare cursors that give moments as integers, for what handles millions of rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from struct import Struct
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


@contextmanager
def cursor() -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
    """Give a cursor on Django's connection whose `timestamptz` are microseconds since 2000, as binary integers.

    Errors come out as Django's own, so that callers need to know one kind only.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors:
        bare: psycopg.Cursor[tuple[Any, ...]] = psycopg.Cursor(connection.connection, row_factory=tuple_row)
        bare.adapters.register_loader("timestamptz", Int8BinaryLoader)
        with bare:
            yield bare


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


@contextmanager
def raw_cursor(bare: psycopg.Cursor[tuple[Any, ...]]) -> Iterator[psycopg.RawCursor[tuple[Any, ...]]]:
    """Give a cursor beside another that takes long statements as they are, with $1 and Packed parameters."""
    with psycopg.RawCursor(bare.connection, row_factory=tuple_row) as raw:
        raw.adapters.register_dumper(Packed, _PackedDumper)
        yield raw


def rows(
    bare: psycopg.Cursor[tuple[Any, ...]], query: LiteralString, *params: Any, often: bool = False
) -> list[tuple[Any, ...]]:
    """Give all rows of a query. One that is asked `often` is planned once: over many partitions that takes long."""
    return bare.execute(query, params, binary=True, prepare=often).fetchall()


@lru_cache(maxsize=1000)
def word(text: str) -> bytes:
    """Give a text as a field of COPY's binary format."""
    raw = text.encode()
    return Struct(">i").pack(len(raw)) + raw


def copy_in(bare: psycopg.Cursor[tuple[Any, ...]], query: LiteralString, packed: Iterable[bytes]) -> None:
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

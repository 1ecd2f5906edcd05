"""Reads packed columns, slab by slab, as arrays of numbers. No more than one slab is held at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any, Final

import numpy as np
import psycopg
from django.db import connections
from numpy.typing import NDArray
from psycopg.rows import tuple_row

from rnd.cycles.facts.raw import to_int

Numbers = NDArray[np.int64]
Arrays = dict[str, Numbers]
Mask = NDArray[np.bool_]
# Stands for null: no length and no moment is ever so small.
NOTHING: Final = -(2**63)
# So many rows are taken from PostgreSQL together.
CHUNK: Final = 32
# How PostgreSQL sends whole numbers of 16, 32 and 64 bits.
SHORT: Final = ">i2"
NARROW: Final = ">i4"
WIDE: Final = ">i8"


def read(using: str, query: str, params: Mapping[str, Any], types: Mapping[str, str]) -> Iterator[tuple[date, Arrays]]:
    """Give (first day, arrays by name) of each slab that rows (programme, first day, name, bytes) of a query tell.

    The rows of a slab stand together. All are of one moment: it is one statement, whose rows are taken as they come.
    `types` names the columns that are not WIDE. Arrays are as PostgreSQL sends them: `taken` makes them quick.
    """
    rows = stream(using, query, params)
    for (_programme, first), some in groupby(rows, key=lambda row: row[:2]):
        yield first, {name: np.frombuffer(packed, types.get(name, WIDE)) for *_key, name, packed in some}


def taken(values: Numbers, keep: Numbers | None) -> Numbers:
    """Give the numbers of a column at these places (None: all), as this machine counts."""
    return (values if keep is None else values[keep]).astype(np.int64)


def there(values: Numbers) -> Numbers:
    """Give the values that are not null."""
    found: Numbers = values[values != NOTHING]
    return found


def every(masks: list[Mask]) -> Mask | None:
    """Give what all masks let through; None where there are none."""
    found: Mask | None = np.logical_and.reduce(masks) if masks else None
    return found


def moment(at: datetime) -> int:
    """Give a moment as columns have it: microseconds since 2000."""
    return to_int(at.astimezone(UTC))


def stream(using: str, query: str, params: Mapping[str, Any] | Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """Give the rows of a query as they come, in binary."""
    connection = connections[using]
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection, row_factory=tuple_row) as cursor:
        yield from cursor.stream(query.encode(), params, binary=True, size=CHUNK)

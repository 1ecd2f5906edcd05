"""Computes stale slabs anew, each by one process at a time: what blocks of loops and blocks of work have in common."""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

# Replaces what is kept of the slab of a programme that begins on this day.
Compute = Callable[[CursorWrapper, int, date], None]


def refresh_stale(slabs: str, compute: Compute, limit: int | None) -> int:
    """Compute the stale rows of the table `slabs` anew (at most `limit` of them, the newest first); give how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT programme_id, first FROM {slabs} WHERE computed < version ORDER BY first DESC LIMIT %s", [limit]
        )
        stale = cursor.fetchall()
    return sum(_refresh(slabs, compute, programme, first) for programme, first in stale)


@transaction.atomic
def _refresh(slabs: str, compute: Compute, programme: int, first: date) -> bool:
    """Compute one slab, unless somebody else does. A change that comes in meanwhile waits, and makes it stale again."""
    this = "programme_id = %s AND first = %s"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT version FROM {slabs} WHERE {this} AND computed < version FOR UPDATE SKIP LOCKED",
            [programme, first],
        )
        row = cursor.fetchone()
        if row is None:
            return False
        compute(cursor, programme, first)
        cursor.execute(f"UPDATE {slabs} SET computed = %s WHERE {this}", [row[0], programme, first])
    return True

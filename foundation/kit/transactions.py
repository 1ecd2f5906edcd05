"""Primitives that refuse misuse: what must happen inside a transaction says so when there is none."""

import hashlib

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.transaction import TransactionManagementError


class TransactionRequired(TransactionManagementError):
    """A programming error: the caller forgot `with transaction.atomic():`."""


def require_transaction(what: str = "This", *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Raise TransactionRequired unless the connection is inside `transaction.atomic()`."""
    if not connections[using].in_atomic_block:
        raise TransactionRequired(
            f"{what} must happen inside a transaction, so that it is kept or lost together with the change it "
            f"belongs to. Wrap the caller in `with transaction.atomic():`."
        )


def lock(name: str, *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Wait for the advisory lock `name` and hold it until the surrounding transaction ends."""
    require_transaction(f"lock({name!r})", using=using)
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_number(name)])


def try_lock(name: str, *, using: str = DEFAULT_DB_ALIAS) -> bool:
    """Take the advisory lock `name` until the transaction ends; False, without waiting, when another holds it."""
    require_transaction(f"try_lock({name!r})", using=using)
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock_number(name)])
        row = cursor.fetchone()
    return bool(row[0])


def lock_number(name: str) -> int:
    """Give the signed 64-bit number that stands for `name` in PostgreSQL (the same in every process)."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)

"""Whether what the house stands on answers: database, migrations, cache, broker. Used by `prepare` and `/readyz`."""

from collections.abc import Callable
from typing import Final

import kombu
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import Error as DatabaseError

PATIENCE_SECONDS: Final = 3


class NotReady(Exception):
    """One line: what does not answer, where, and what it said. Never a password."""


def database() -> None:
    """Raise NotReady unless the database answers."""
    given = settings.DATABASES["default"]
    place = f"{given['HOST']}:{given['PORT'] or 5432}/{given['NAME']}"
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        raise NotReady(f"The database at {place} (DATABASE_URL) does not answer: {_first_line(error)}") from None


def migrations() -> None:
    """Raise NotReady if the database lacks a migration of this version."""
    database()
    executor = MigrationExecutor(connections["default"])
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise NotReady(f"{len(missing)} migrations are missing, from {missing[0][0]}: run `manage.py migrate`.")


def cache_answers() -> None:
    """Raise NotReady unless the cache gives back what was put into it."""
    try:
        cache.set("readyz", "ok", timeout=10)
        found = cache.get("readyz")
    except Exception as error:  # noqa: BLE001  # each cache library has its own errors
        raise NotReady(f"The cache (CACHE_URL) does not answer: {_first_line(error)}") from None
    if found != "ok":
        raise NotReady("The cache (CACHE_URL) does not keep what is put into it.")


def broker() -> None:
    """Raise NotReady unless the broker lets us in."""
    options = {**settings.CELERY_BROKER_TRANSPORT_OPTIONS, "max_retries": 1}
    connection = kombu.Connection(
        settings.CELERY_BROKER_URL, transport_options=options, connect_timeout=PATIENCE_SECONDS
    )
    try:
        with connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=PATIENCE_SECONDS)
    except Exception as error:  # noqa: BLE001  # each transport has its own errors
        raise NotReady(f"The broker (BROKER_URL) does not answer: {_first_line(error)}") from None


CHECKS: Final[dict[str, Callable[[], None]]] = {
    "database": database,
    "migrations": migrations,
    "cache": cache_answers,
    "broker": broker,
}


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__

"""Commands that tests run as processes of their own, on the test's database, and stop in the middle."""

from __future__ import annotations

import os

from django.db import connection


def surroundings() -> dict[str, str]:
    """Give the environment of a process that is to work on the test's database."""
    values = connection.settings_dict
    url = f"postgres://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}/{values['NAME']}"
    return {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "rnd.settings"}


def waiting() -> int:
    """Count the sessions that wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return int(cursor.fetchone()[0])

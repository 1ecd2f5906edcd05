"""What a process of a rebuild does. It imports nothing that needs Django before it has set Django up."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator
from contextlib import contextmanager

import django
from django.conf import settings
from django.db import connection, connections

from rnd.cycles.rebuilding import leash


def begin(address: dict[str, object]) -> None:
    """Set a new process up for the database of its parent (in tests another one than the settings name)."""
    leash.bind()
    settings.DATABASES["default"].update(address)
    django.setup()
    connections["default"].settings_dict.update(address)


def address() -> dict[str, object]:
    """Give the way to the database of this process."""
    return {name: connection.settings_dict[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}


def project(chunk: Collection[int]) -> int:
    """Project one chunk in a transaction of its own; give how many rows changed."""
    from rnd.cycles.actions import project_tickets

    with _without_collector(), _soon():
        return project_tickets(ticket_ids=chunk)


def project_tasks(chunk: Collection[int]) -> int:
    """Project one chunk of tasks in the same way."""
    from rnd.cycles import actions

    with _without_collector(), _soon():
        return actions.project_tasks(task_ids=chunk)


@contextmanager
def _soon() -> Iterator[None]:
    """Let commits not wait for the disk: what a crash takes back is computed again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('synchronous_commit')")
        before = cursor.fetchone()[0]
        cursor.execute("SET synchronous_commit = off")
        try:
            yield
        finally:
            cursor.execute("SELECT set_config('synchronous_commit', %s, false)", [before])


@contextmanager
def _without_collector() -> Iterator[None]:
    """Nothing here refers to itself: looking for cycles among a million integers only takes time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()

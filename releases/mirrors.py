"""Joins repositories to git: where each mirror lies, how its origin may be reached, and one process at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from foundation.kit.transactions import lock_number, require_transaction
from releases.git.addresses import check_address, check_host, host_of
from releases.git.environment import Access
from releases.models import Repository


def mirror_path(repository: Repository) -> Path:
    """Give the folder of the repository's mirror (which need not exist yet)."""
    return Path(settings.GIT_MIRRORS_DIR) / f"{repository.pk}.git"


def access_to(repository: Repository) -> Access:
    """Give how the origin may be reached now; raises GitRefused where its address is no longer allowed."""
    protocols = tuple(settings.FIELDLOOP_GIT_PROTOCOLS)
    roots = [Path(root) for root in settings.FIELDLOOP_GIT_FILE_ROOTS]
    if repository.local_path:
        roots.append(Path(repository.local_path))
    local = check_address(repository.url, protocols=protocols, file_roots=roots)
    if local is None:
        check_host(host_of(repository.url), allowed=settings.FIELDLOOP_GIT_PRIVATE_HOSTS)
    keys = Path(settings.FIELDLOOP_GIT_KEYS_DIR)
    key, known_hosts = keys / repository.slug, keys / "known_hosts"
    return Access(
        url=str(local) if local else repository.url,
        protocols=protocols,
        local=local,
        ssh_key=key if key.is_file() else None,
        known_hosts=known_hosts if known_hosts.is_file() else None,
        seconds=settings.FIELDLOOP_GIT_SECONDS,
        max_bytes=settings.FIELDLOOP_GIT_MAX_BYTES,
    )


def mirror_access() -> Access:
    """Give how to read a mirror itself, without its origin: git then reaches nothing at all."""
    return Access(
        url="", protocols=(), seconds=settings.FIELDLOOP_GIT_SECONDS, max_bytes=settings.FIELDLOOP_GIT_MAX_BYTES
    )


@contextmanager
def only_one(repository_id: int) -> Iterator[bool]:
    """Hold the repository's advisory lock for the block; False, without waiting, where another process has it.

    It is the connection's, not a transaction's: a fetch commits many times, and a killed process loses it.
    """
    number = lock_number(f"repository {repository_id}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        (got,) = cursor.fetchone() or (False,)
    try:
        yield got
    finally:
        if got and not connection.closed_in_transaction:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


def hold(repository_id: int) -> bool:
    """Take the lock of `only_one` until the transaction ends, without waiting; False where another process has it."""
    require_transaction("hold()")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock_number(f"repository {repository_id}")])
        (got,) = cursor.fetchone() or (False,)
    return bool(got)

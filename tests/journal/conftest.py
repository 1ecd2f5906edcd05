"""What the journal's tests share: consumers that live for one test, and connections of their own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection

from foundation.journal import registry

Listen = Callable[..., Callable[[Any], Any]]
Connect = Callable[[], psycopg.Connection[Any]]


@pytest.fixture
def listen() -> Iterator[Listen]:
    """`@consumer` for the length of one test."""
    names: list[str] = []

    def declare(name: str, **options: Any) -> Callable[[Any], Any]:
        names.append(name)
        register: Callable[[Any], Any] = registry.consumer(name, **options)
        return register

    yield declare
    for name in names:
        registry.unregister(name)


@contextmanager
def session() -> Iterator[psycopg.Connection[Any]]:
    """A connection beside Django's, to the same database."""
    parameters = connection.get_connection_params()
    with psycopg.connect(
        **{key: parameters[key] for key in ("dbname", "user", "password", "host", "port") if key in parameters}
    ) as other:
        yield other


@pytest.fixture
def other_session(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    with session() as other:
        yield other
        other.rollback()

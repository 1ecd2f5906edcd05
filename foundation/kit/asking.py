"""Queries that are asked again and again for the same reader: the ORM takes each apart only once."""

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Build = Callable[..., QuerySet[Any, tuple[Any, ...]]]


def rows_of(build: Build, *args: Hashable) -> list[tuple[Any, ...]]:
    """Give the rows of the `values_list()` that `build(*args)` makes.

    `build` is a function of a module (not one made anew for each call), and what it makes depends on its arguments
    alone: it neither asks the database nor the clock. Its columns are such as the driver reads without help of the
    model.
    """
    statement = _statement(build, *args)
    if statement is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return cursor.fetchall()


@lru_cache(maxsize=2048)
def _statement(build: Build, *args: Hashable) -> tuple[str, tuple[Any, ...]] | None:
    try:
        return build(*args).query.sql_with_params()
    except EmptyResultSet:  # it cannot find anything, whatever there is
        return None

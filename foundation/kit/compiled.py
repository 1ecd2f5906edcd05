"""Queries that the ORM builds once: for those that every request asks, where building costs more than asking."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

# What stands for the value while the query is built; no other parameter of a query is one of these.
_TEXT: Final = "\x7fthe value\x7f"
_NUMBER: Final = -(2**30) - 7


class Compiled:
    """A query in which one value changes from call to call.

        user_names = Compiled(lambda pk: User.objects.filter(pk=pk).values_list("name", "email"), int)
        user_names.rows(12)

    `build` gets the value's stand-in and gives a `values_list()` of columns that the driver reads without help
    of the model (no JSON, no fields with `from_db_value`).
    """

    def __init__(self, build: Callable[[Any], QuerySet[Any, Any]], kind: type[int] | type[str]) -> None:
        self._build = build
        self._stand_in = _NUMBER if kind is int else _TEXT

    @cached_property
    def _statement(self) -> tuple[str, tuple[Any, ...], tuple[int, ...]]:
        sql, params = self._build(self._stand_in).query.sql_with_params()
        places = tuple(place for place, param in enumerate(params) if param == self._stand_in)
        if not places:
            raise ValueError(f"The value stands nowhere in: {sql}")
        return sql, tuple(params), places

    def rows(self, value: int | str) -> list[tuple[Any, ...]]:
        """Give the rows for this value."""
        sql, params, places = self._statement
        filled = list(params)
        for place in places:
            filled[place] = value
        with connection.cursor() as cursor:
            cursor.execute(sql, filled)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

"""Queries that are asked again and again: the ORM takes each apart once, instead of as often as it is asked.

Taking a query apart costs a page more than the answer does. A query is given as a function of a module (not one
made anew for each call) whose result depends on its arguments alone: it asks neither the database nor the clock.
"""

from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache
from typing import Any, Final, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)
Row = tuple[Any, ...]
# What stands for the key while a query is taken apart; no other parameter of a query is one of these.
_NUMBER: Final = -(2**62) - 11
_TEXT: Final = "\x7fthe key\x7f"


def rows_of(build: Callable[..., QuerySet[Any, Row]], *same: Hashable, key: int | str | None = None) -> list[Row]:
    """Give the rows of the `values_list()` that `build(*same)` or, with a key, `build(*same, key)` makes.

    Its columns are such as the driver reads without help of the model (no JSON). Whatever the key is, the query is
    taken apart once for the same arguments.
    """
    if key is None:
        return _asked(_taken_apart(build, *same))
    return _asked(_taken_apart(build, *same, _stand_in(key)), key)


def objects_of(build: Callable[..., QuerySet[M]], *same: Hashable, key: int | str) -> list[M]:
    """Give the objects of the query that `build(*same, key)` makes, with what it selects along.

    Whatever the key is, the query is taken apart once for the same arguments. It has no prefetch and no annotation.
    """
    query = _taken_apart(build, *same, _stand_in(key))
    return [] if query is None else query.objects(_asked(query, key))


def _stand_in(key: int | str) -> int | str:
    return _TEXT if isinstance(key, str) else _NUMBER


class _Query:
    """A query as SQL, and how its rows become objects: as Django's own ModelIterable makes them."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        # Through the proxy, so that every thread converts with its own connection.
        self._compiler = queryset.query.get_compiler(connection=connection)
        self.sql, self.params = self._compiler.as_sql()
        columns, info = self._compiler.select, self._compiler.klass_info
        self._converters = self._compiler.get_converters([column[0] for column in columns])
        if info is not None:
            fields = info["select_fields"]
            self._model, self._own = info["model"], slice(fields[0], fields[-1] + 1)
            self._names = [column[0].target.attname for column in columns[self._own]]
            self._along = get_related_populators(info, columns, connection.alias)  # type: ignore[call-arg]  # of Django 6

    def objects(self, rows: Iterable[Row]) -> list[Any]:
        """Make the objects, each with those that come along."""
        if self._converters:
            rows = self._compiler.apply_converters(rows, self._converters)
        return [self._made(row) for row in rows]

    def _made(self, row: Row) -> Any:
        made = self._model.from_db(connection.alias, self._names, row[self._own])
        for other in self._along:
            other.populate(row, made)
        return made


def _asked(query: _Query | None, key: int | str | None = None) -> list[Row]:
    if query is None:
        return []
    params = query.params if key is None else [key if param in (_NUMBER, _TEXT) else param for param in query.params]
    with connection.cursor() as cursor:
        cursor.execute(query.sql, params)
        return list(cursor.fetchall())


@lru_cache(maxsize=512)
def _taken_apart(build: Callable[..., QuerySet[Any, Any]], *args: Hashable) -> _Query | None:
    try:
        return _Query(build(*args))
    except EmptyResultSet:  # it cannot find anything, whatever there is
        return None

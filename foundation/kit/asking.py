"""Queries that are asked again and again: the ORM takes each apart once, instead of as often as it is asked.

Taking a query apart costs a page more than the answer does. A query is given as a function of a module (not one
made anew for each call) whose result depends on its arguments alone: it asks neither the database nor the clock.
"""

from collections.abc import Callable, Collection, Hashable, Iterable
from functools import lru_cache
from typing import Any, Final, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)
Row = tuple[Any, ...]
Key = int | str | Collection[int]
# What stands for the key while a query is taken apart; no other parameter of a query is one of these.
_NUMBER: Final = -(2**62) - 11
_TEXT: Final = "\x7fthe key\x7f"
_NUMBERS: Final = RawSQL("SELECT unnest(%s::bigint[])", [_TEXT])


def rows_of(
    build: Callable[..., QuerySet[Any, Row]], *same: Hashable, key: Key | None = None, steady: bool = False
) -> list[Row]:
    """Give the rows of the `values_list()` that `build(*same)` or, with a key, `build(*same, key)` makes.

    Whatever the key is, the query is taken apart once for the same arguments, and planned once a connection. A key of
    several numbers is one for `filter(team__in=key)`; without any, nothing is asked. Without a key it is planned each
    time, unless it is `steady`: the best plan is the same for all values.
    """
    query = _query(build, *same, key=key)
    return [] if query is None else query.converted(_asked(query, key, planned=steady or key is not None))


def objects_of(build: Callable[..., QuerySet[M]], *same: Hashable, key: Key | None = None) -> list[M]:
    """Give the objects of the query that `build(*same)` or `build(*same, key)` makes, with what it selects along.

    See `rows_of`; it is always planned once. It has no prefetch and no annotation.
    """
    query = _query(build, *same, key=key)
    return [] if query is None else query.objects(_asked(query, key, planned=True))


class _Query:
    """A query as SQL, and how its rows become objects: as Django's own ModelIterable makes them."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        # Through the proxy, so that every thread converts with its own connection.
        self._compiler = queryset.query.get_compiler(connection=connection)
        self.sql, params = self._compiler.as_sql()
        self.params = list(params)
        self.places = [place for place, param in enumerate(params) if param in (_NUMBER, _TEXT)]
        columns, info = self._compiler.select, self._compiler.klass_info
        self._converters = self._compiler.get_converters([column[0] for column in columns])
        if info is not None:
            fields = info["select_fields"]
            self._model, self._own = info["model"], slice(fields[0], fields[-1] + 1)
            self._names = [column[0].target.attname for column in columns[self._own]]
            self._along = get_related_populators(info, columns, connection.alias)  # type: ignore[call-arg]  # of Django 6

    def converted(self, rows: list[Row]) -> list[Row]:
        """Give the rows with the values that the fields make of the driver's."""
        if not self._converters:
            return rows
        return [tuple(row) for row in self._compiler.apply_converters(rows, self._converters)]

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


def _query(build: Callable[..., QuerySet[Any, Any]], *same: Hashable, key: Key | None) -> _Query | None:
    if key is None:
        return _taken_apart(build, *same)
    if isinstance(key, int):
        return _taken_apart(build, *same, _NUMBER)
    if isinstance(key, str):
        return _taken_apart(build, *same, _TEXT)
    return _taken_apart(build, *same, _NUMBERS) if key else None


def _asked(query: _Query, key: Key | None, *, planned: bool) -> list[Row]:
    params = query.params
    if query.places:
        value = key if isinstance(key, int | str) else list(key or ())
        params = params.copy()
        for place in query.places:
            params[place] = value
    # A plan without the key is as good as one with it; of a list's filters the values decide which index is best.
    with planned_once() if planned else connection.cursor() as cursor:
        cursor.execute(query.sql, params)
        return list(cursor.fetchall())


def planned_once(using: str = DEFAULT_DB_ALIAS) -> Any:
    """Give a cursor of which the server keeps the plans, unless queries are logged: it cannot log their values."""
    asked = connections[using]
    if asked.queries_logged:
        return asked.cursor()
    # As Django's own cursor() does: a connection that the server has ended meanwhile costs nobody an error page.
    asked.close_if_health_check_failed()
    asked.ensure_connection()
    cursor: Any = ServerBindingCursor(asked.connection)  # type: ignore[call-arg]  # psycopg's, which it extends
    return asked.make_cursor(cursor)


@lru_cache(maxsize=512)
def _taken_apart(build: Callable[..., QuerySet[Any, Any]], *args: Hashable) -> _Query | None:
    try:
        return _Query(build(*args))
    except EmptyResultSet:  # it cannot find anything, whatever there is
        return None

"""PostgreSQL's 64-bit transaction number as a model field."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    _IntField = models.Field[int, int]
else:
    _IntField = models.Field  # not subscriptable when it runs


class XidField(_IntField):
    """An `xid8`: never wraps around, and is an int in Python.

    It travels as text because PostgreSQL has no cast from integers to xid8.
    """

    description = "PostgreSQL transaction number (xid8)"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "xid8"

    def get_internal_type(self) -> str:
        return "XidField"

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> int | None:
        return None if value is None else int(value)

    def to_python(self, value: Any) -> int | None:
        return None if value is None else int(value)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value if value is None or hasattr(value, "resolve_expression") else str(int(value))


class CurrentTransaction(models.Func):
    """`pg_current_xact_id()`: the number of the transaction that is writing."""

    function = "pg_current_xact_id"
    arity = 0
    output_field = XidField()

"""Saves a row of people, teams or catalogue so that what cannot be kept is refused with a sentence on its field."""

from collections.abc import Iterable

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from foundation.kit.errors import Conflict, Invalid
from foundation.kit.transactions import require_transaction


def save_checked(row: models.Model, *, room: str, exclude: Iterable[str] = ()) -> None:
    """Validate `row` and save it.

    Raises Invalid ("<room>.<field>_invalid", or "<room>.taken" for what must be unique) with the field it is
    about, and Conflict where another transaction took the name in the same instant.
    """
    require_transaction("save_checked()")
    try:
        row.full_clean(exclude=set(exclude))
    except ValidationError as error:
        raise _refusal(error, room) from error
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict(
            f"{room}.taken", _("Somebody else has just taken this name or address. Choose another one.")
        ) from error


def _refusal(error: ValidationError, room: str) -> Invalid:
    field, errors = next(iter(error.error_dict.items()))
    first = errors[0]
    name = "" if field == NON_FIELD_ERRORS else field
    code = "taken" if first.code in {"unique", "unique_together"} or not name else f"{name}_invalid"
    return Invalid(f"{room}.{code}", " ".join(first.messages), field=name)

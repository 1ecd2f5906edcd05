"""What every view of this room does first: who asks, and what of the form is to be told on its fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest

from foundation.accounts.actors import Actor
from foundation.kit.errors import DomainError, Forbidden, Invalid, NotFound


def actor_of_request(request: HttpRequest) -> Actor:
    """Give whoever asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the accounts' middleware
    return actor


def done(form: Form, act: Callable[[], Any]) -> Any:
    """Call the action; what it refuses becomes an error of the form, and None is given.

    What one may not do or see is no matter of the form, and goes on to the error page.
    """
    try:
        return act()
    except (Forbidden, NotFound):
        raise
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return None


def values_of(form: Form) -> dict[str, Any]:
    """Give the cleaned values; raises Invalid with the form's own first sentence."""
    if form.is_valid():
        return form.cleaned_data
    field, errors = next(iter(form.errors.items()))
    raise Invalid("input.invalid", str(errors[0]), field=field)

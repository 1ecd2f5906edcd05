"""REST framework's exception handler: whatever goes wrong in the API leaves as problem+json."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from foundation.kit.errors import DomainError
from foundation.kit.problems import CONTENT_TYPE, FieldError, Problem, of_error, of_status

# The input has the shape that OpenAPI tells, but it will not do: 422 as from an action, not 400.
# ("blank" is what is left of spaces.)
_WELL_FORMED: Final = frozenset({"does_not_exist", "unique", "blank"})


def exception_handler(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """Give the answer to an exception of a view, or None for one that is the server's fault.

    (None lets Django log it, tell the error reporters and call handler500, which also answers problem+json.)
    """
    problem = _problem(exc)
    if problem is None:
        return None
    set_rollback()
    response = Response(
        problem.as_data(), status=int(problem.status), content_type=CONTENT_TYPE, headers=problem.headers
    )
    if header := getattr(exc, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(exc, "wait", None):
        response["Retry-After"] = str(int(wait) + 1)
    return response


def _problem(exc: Exception) -> Problem | None:
    match exc:
        case DomainError():
            return of_error(exc)
        case Http404():
            return of_status(404, _("There is nothing at this address, or you may not see it."))
        case PermissionDenied():
            return of_status(403, _("You may not do this."))
        case exceptions.ValidationError():
            errors = tuple(_field_errors(exc.detail))
            return _of_fields(errors)
        case exceptions.APIException():
            return of_status(exc.status_code, str(exc.detail), code=f"http.{exc.default_code}")
        case _:
            return None


def _of_fields(errors: tuple[FieldError, ...]) -> Problem:
    said = "; ".join(": ".join(filter(None, (error["field"], error["message"]))).rstrip(".") for error in errors)
    return of_status(
        422 if all(error["code"] in _WELL_FORMED for error in errors) else 400,
        _("What was sent is not right: %(fields)s.") % {"fields": said},
        code="input.invalid",
        errors=errors,
    )


def _field_errors(detail: Any, path: str = "") -> Iterator[FieldError]:
    """Flatten REST framework's nested errors to rows with dotted paths ("lines.0.title")."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            here = path if name == "non_field_errors" else f"{path}.{name}".lstrip(".")
            yield from _field_errors(inner, here)
    elif isinstance(detail, Sequence) and not isinstance(detail, str):
        for position, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | Sequence) and not isinstance(inner, str)
            yield from _field_errors(inner, f"{path}.{position}".lstrip(".") if nested else path)
    else:
        yield FieldError(field=path, code=getattr(detail, "code", "invalid"), message=str(detail))

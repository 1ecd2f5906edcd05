"""The one family of refusals. Actions raise them; `foundation.kit.problems` renders them for pages and API."""

from http import HTTPStatus
from typing import ClassVar


class DomainError(Exception):
    """Something was asked that the house does not do.

    `code` is stable and dotted ("ticket.not_open"): programs match on it. `message` is a whole translated
    sentence: what was wrong, with which value, and what would be right. `field` names the input it is about.
    """

    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY
    # Seconds until it is worth another try; None: nobody can say.
    retry_after: int | None = None
    # The verb of the right that was missing, as docs/roles.md lists it.
    right: str = ""

    def __init__(self, code: str, message: str, *, field: str = "") -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class Invalid(DomainError):
    """What was given cannot be right (422)."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class Forbidden(DomainError):
    """One may see it, and may not do this with it (403). `right` is the verb of the right that is missing."""

    status = HTTPStatus.FORBIDDEN

    def __init__(self, code: str, message: str, *, field: str = "", right: str = "") -> None:
        super().__init__(code, message, field=field)
        self.right = right


class NotFound(DomainError):
    """It is not there, or one may not see it: the answer is the same (404)."""

    status = HTTPStatus.NOT_FOUND


class Conflict(DomainError):
    """Right in itself, but not in the state things are in now (409)."""

    status = HTTPStatus.CONFLICT


class PreconditionFailed(DomainError):
    """The thing has changed since the caller read it (412)."""

    status = HTTPStatus.PRECONDITION_FAILED


class Unavailable(DomainError):
    """Right, but something needed for it is down; worth another try later (503)."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class TooMany(DomainError):
    """Too many in too short a time; `retry_after` seconds from now the next is welcome (429)."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, code: str, message: str, *, retry_after: int, field: str = "") -> None:
        super().__init__(code, message, field=field)
        self.retry_after = retry_after

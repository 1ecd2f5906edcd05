"""Every refusal in one shape, RFC 9457 "problem details", whichever door it leaves by."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, TypedDict

from django.http import HttpRequest, JsonResponse

from foundation.kit.errors import DomainError

CONTENT_TYPE: Final = "application/problem+json"


class FieldError(TypedDict):
    """One wrong input: where it is ("" for the whole), a stable code, and a sentence."""

    field: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong: `code` is for programs, `title` and `detail` are for people."""

    status: HTTPStatus
    code: str
    title: str
    detail: str
    errors: tuple[FieldError, ...] = ()
    # Seconds; said in the header Retry-After.
    retry_after: int | None = None
    # The verb of the right that was missing ("ticket.accept").
    right: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """What the answer says besides its body."""
        return {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}

    def as_data(self) -> dict[str, object]:
        """Give the members of the problem document, ready for JSON."""
        return {
            "type": "about:blank",
            "title": self.title,
            "status": int(self.status),
            "detail": self.detail,
            "code": self.code,
            "errors": list(self.errors),
            **({"right": self.right} if self.right else {}),
        }


def of_error(error: DomainError) -> Problem:
    """Give the problem that a refusal by an action is."""
    message = str(error)
    errors = (FieldError(field=error.field, code=error.code, message=message),) if error.field else ()
    return Problem(error.status, error.code, error.status.phrase, message, errors, error.retry_after, error.right)


def of_status(status: int, detail: str, *, code: str = "", errors: tuple[FieldError, ...] = ()) -> Problem:
    """Give the problem of a plain HTTP status; its code is "http.not_found" and the like unless one is given."""
    kind = HTTPStatus(status)
    return Problem(kind, code or f"http.{kind.name.lower()}", kind.phrase, detail, errors)


def is_api(request: HttpRequest) -> bool:
    """Tell whether the caller is a program, to whom an HTML page says nothing."""
    return request.path_info.startswith(("/api/", "/hooks/"))


def json_response(problem: Problem) -> JsonResponse:
    """Give the problem as an HTTP answer of its own content type."""
    return JsonResponse(problem.as_data(), status=problem.status, content_type=CONTENT_TYPE, headers=problem.headers)

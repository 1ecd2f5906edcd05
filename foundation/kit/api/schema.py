"""What OpenAPI says of every operation alike: the refusals, the headers, and verbs on a thing."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.serializers import BaseSerializer

from foundation.kit.api.paging import NEVER_EMPTY

F = TypeVar("F", bound=Callable[..., Any])

PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "description": "RFC 9457 problem details. Programs match on `code`, which is stable.",
    "required": ["type", "title", "status", "detail", "code", "errors"],
    "example": {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": "FB-12 is closed. Reopen it first.",
        "code": "ticket.not_open",
        "errors": [],
    },
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {
            "type": "string",
            "description": "What was wrong, and what would be right, in the caller's language.",
        },
        "code": {"type": "string", "pattern": r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$"},
        "right": {
            "type": "string",
            "description": "Where a right was missing: its verb in the table of rights, such as `ticket.accept`.",
        },
        "errors": {
            "type": "array",
            "description": "The inputs that are wrong, each with the path of its field.",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}

_ALWAYS: Final = {
    "401": ("NotAuthenticated", "No token was sent, or one that is unknown, revoked or expired."),
    "403": ("Forbidden", "The caller's roles or the token's scopes do not allow this."),
    "406": ("NotAcceptable", "The API speaks application/json."),
    "429": ("TooManyRequests", "Too many requests; Retry-After says when the next is welcome."),
    "500": ("ServerError", "A fault of the server; it has been logged."),
    "503": ("Unavailable", "Something that is needed for this is down; worth another try later."),
}
_NAMED: Final = {"404": ("NotFound", "There is no such thing, or the caller may not see it.")}
_INPUT: Final = {
    "400": ("BadRequest", "The body or the query string does not have the shape that this document asks for."),
    "422": ("Invalid", "Well formed, but impossible: the message says what would be right."),
}
_CHANGE: Final = {
    "409": ("Conflict", "Not possible in the present state, or the Idempotency-Key was used for another request."),
    "412": ("PreconditionFailed", "The thing has changed since the caller read it (If-Match)."),
    "413": ("TooLarge", "More was sent than is accepted here."),
    "415": ("UnsupportedMediaType", "The body is not of a media type that this operation reads."),
}
_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Any name for this change: sent again, it gives the first answer again and changes nothing.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[A-Za-z0-9._:-]+$"},
}
_KEYLESS: Final = "x-keyless"
# `@extend_schema(extensions=KEYLESS)`: a POST that heeds no Idempotency-Key, so that none is described.
KEYLESS: Final = {_KEYLESS: True}
_IF_MATCH: Final = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag of the thing as last read; if it has changed since, the answer is 412.",
    "schema": {"type": "string"},
}
_IF_NONE_MATCH: Final = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of the answer as last read; if it is still the same, the answer is 304.",
    "schema": {"type": "string"},
}
_ETAG: Final = {"ETag": {"description": "The strong ETag of this answer.", "schema": {"type": "string"}}}


def verb(
    body: type[BaseSerializer[Any]] | None,
    *,
    gives: type[BaseSerializer[Any]] | None,
    status: int = 200,
    name: str = "",
    says: str = "",
) -> Callable[[F], F]:
    """Mark a method of an ActionViewSet as `POST …/<key>/<method name>/`: what it reads and what it gives.

    `name` is its last part of the address where that is not the method's name; `says` the one line in the
    documentation where the docstring's is not for callers.
    """

    def mark(method: F) -> F:
        path = name or method.__name__
        routed = action(detail=True, methods=["post"], url_path=path, url_name=path.replace("/", "-"))(method)
        # Around `action` and not inside: it would forget what is said before it.
        return extend_schema(
            request=body,
            responses={status: gives if gives is not None else OpenApiResponse(description="Done.")},
            summary=says or None,
        )(routed)  # type: ignore[return-value]  # the stubs hide that both give the method back

    return mark


def add_common(result: dict[str, Any], generator: Any, request: Any, public: Any) -> dict[str, Any]:
    """Add what all operations share (a postprocessing hook of drf-spectacular)."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    responses = components.setdefault("responses", {})
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            if method in {"get", "post", "put", "patch", "delete"}:
                _complete(operation, method, detail="{" in path)
                for status, (name, says) in _refusals(operation, method, detail="{" in path).items():
                    operation["responses"].setdefault(status, {"$ref": f"#/components/responses/{name}"})
                    responses[name] = _response(says)
    return result


def _refusals(operation: dict[str, Any], method: str, *, detail: bool) -> dict[str, tuple[str, str]]:
    refusals = dict(_ALWAYS)
    if detail:
        refusals |= _NAMED
    if method != "get" or any(parameter["in"] == "query" for parameter in operation.get("parameters", ())):
        refusals |= _INPUT
    if method != "get":
        refusals |= _CHANGE
    return refusals


def _complete(operation: dict[str, Any], method: str, *, detail: bool) -> None:
    parameters = operation.setdefault("parameters", [])
    answers = operation["responses"]
    if method == "get":
        for one in parameters:
            if one["in"] == "query" and not one.get("required") and one["name"] not in NEVER_EMPTY:
                one["allowEmptyValue"] = True
        parameters.append(_IF_NONE_MATCH)
        if "200" in answers:
            answers["200"].setdefault("headers", {}).update(_ETAG)
            answers["304"] = {"description": "The reader has the present state already."}
    elif method == "post" and not operation.pop(_KEYLESS, False):
        parameters.append(_KEY)
    if method != "get" and detail:
        parameters.append(_IF_MATCH)


def _response(says: str) -> dict[str, Any]:
    return {
        "description": says,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }

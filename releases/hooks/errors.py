"""How a hook is refused. Git hosts show status and answer to whoever set the hook up."""

from http import HTTPStatus

from foundation.kit.errors import DomainError


class Unsigned(DomainError):
    """Nothing proves that it comes from the repository's host (401)."""

    status = HTTPStatus.UNAUTHORIZED


class TooLarge(DomainError):
    """More than is read (413)."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class NotJson(DomainError):
    """Not the content type that is taken (415)."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class Unreadable(DomainError):
    """Not what any of the known hosts sends (400)."""

    status = HTTPStatus.BAD_REQUEST

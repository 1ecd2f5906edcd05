"""The family of refusals carries a stable code, a sentence and a status."""

import pytest

from foundation.kit.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, PreconditionFailed, Unavailable


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (DomainError, 422),
        (Invalid, 422),
        (Forbidden, 403),
        (NotFound, 404),
        (Conflict, 409),
        (PreconditionFailed, 412),
        (Unavailable, 503),
    ],
)
def test_each_kind_has_its_status(kind: type[DomainError], status: int) -> None:
    error = kind("ticket.not_open", "FB-12 is closed. Reopen it first.", field="ticket")
    assert (error.status, error.code, error.field) == (status, "ticket.not_open", "ticket")
    assert str(error) == "FB-12 is closed. Reopen it first."

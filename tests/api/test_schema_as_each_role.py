"""The API keeps what its description promises to every role: what one may not do is refused as described too."""

import pytest

from foundation.accounts.models import Role
from tests.api.asking import failures_of
from tests.cast import Cast


@pytest.mark.parametrize("role", list(Role))
def test_every_answer_is_as_described(cast: Cast, role: Role) -> None:
    failures = failures_of(cast, cast.token(cast.user(role)), examples=1, coverage=False)
    assert not failures, "\n\n".join(failures)

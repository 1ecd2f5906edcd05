"""The API keeps what its description promises to every role: what one may not do is refused as described too."""

from foundation.accounts.models import Role
from tests.api.asking import failures_of
from tests.cast import Cast


def test_every_answer_is_as_described_to_every_role(cast: Cast) -> None:
    tokens = {role.value: cast.token(cast.user(role)) for role in Role}
    failures = failures_of(cast, tokens, examples=1, coverage=False)
    assert not failures, "\n\n".join(failures)

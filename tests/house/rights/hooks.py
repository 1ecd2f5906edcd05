"""Who may do what with webhooks in; the hosts' own door is open to whoever can sign."""

from __future__ import annotations

from foundation.accounts.actors import SYSTEM
from releases.hooks.actions.make_secret import make_secret
from tests.cast import Cast
from tests.house.rights import Row
from tests.house.rights.releases import KEEPERS, OUTSIDE, STAFF
from tests.releases import api_world


def repository(cast: Cast) -> dict[str, object]:
    return {"slug": api_world.repository(cast).slug}


def with_secret(cast: Cast) -> dict[str, object]:
    make_secret(actor=SYSTEM, repository=api_world.repository(cast))
    return repository(cast)


ROWS = [
    # Nobody has a right here but by a signature: whoever comes without one, signed in or not, is told what is missing.
    Row("hooks:receive", "POST", kwargs=with_secret, may=(), others=400, foreign=400, anonymous=400),
    Row("hooks:hook", kwargs=repository, may=STAFF, hidden_from=OUTSIDE),
    Row("hooks:panel", kwargs=repository, may=STAFF, hidden_from=OUTSIDE),
    Row("hooks:secret", "POST", kwargs=repository, may=KEEPERS, hidden_from=OUTSIDE),
    Row("hooks:revoke", "POST", kwargs=with_secret, may=KEEPERS, hidden_from=OUTSIDE),
]

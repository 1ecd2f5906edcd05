"""Who may say what about fixes and releases."""

from typing import Final

from foundation.accounts.roles import Role

RIGHTS: Final[dict[str, frozenset[Role]]] = {
    "fix.state": frozenset({Role.ENGINEER, Role.RELEASE_MANAGER, Role.MANAGER, Role.ADMIN}),
}

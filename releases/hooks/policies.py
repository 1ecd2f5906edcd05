"""Who may do what with webhooks in. Git hosts themselves have no role: their signature is their right."""

from typing import Final

from foundation.accounts.roles import Role
from releases.policies import STAFF

RIGHTS: Final[dict[str, frozenset[Role]]] = {
    "hook.see": STAFF,
    "hook.manage": frozenset({Role.RELEASE_MANAGER, Role.ADMIN}),
}

"""Who may do what with rollouts, installations and adoption."""

from typing import Final

from foundation.accounts.roles import Role
from releases.policies import STAFF

KEEPERS: Final = frozenset({Role.RELEASE_MANAGER, Role.ADMIN})

RIGHTS: Final[dict[str, frozenset[Role]]] = {
    "rollout.see": STAFF,
    "rollout.start": KEEPERS,
    "rollout.pause": KEEPERS | {Role.ENGINEER},  # whoever sees it go wrong may stop it
    "rollout.resume": KEEPERS,
    "rollout.advance": KEEPERS,
    "rollout.abort": KEEPERS,
    "rollout.mark": KEEPERS,
    "rollout.answer": frozenset({Role.REPORTER, Role.RELEASE_MANAGER}),
    "adoption.see": STAFF,
}

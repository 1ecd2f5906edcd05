"""Who may take releases away on a stick, bring them in, and carry receipts back."""

from typing import Final

from foundation.accounts.roles import Role
from releases.policies import SEERS

_KEEPERS: Final = frozenset({Role.RELEASE_MANAGER, Role.ADMIN})

RIGHTS: Final[dict[str, frozenset[Role]]] = {
    "bundle.see": SEERS,
    "bundle.make": SEERS,
    "bundle.import": _KEEPERS,
    "receipts.take": frozenset({Role.REPORTER, Role.RELEASE_MANAGER}),
    "receipts.settle": frozenset(),  # only the house itself, when somebody above has taken a verdict in
}

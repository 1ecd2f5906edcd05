"""Who may read reports: everyone but partners, each over what they may see."""

from typing import Final

from foundation.accounts.models import Role

RIGHTS: Final[dict[str, frozenset[Role]]] = {
    "report.see": frozenset(Role) - {Role.PARTNER},
}

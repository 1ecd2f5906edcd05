"""Who may read reports (everyone but partners, each over what they may see), and who sets what is promised."""

from typing import Final

from foundation.accounts.models import Role

RIGHTS: Final[dict[str, frozenset[Role]]] = {
    "report.see": frozenset(Role) - {Role.PARTNER},
    "report.save": frozenset(Role) - {Role.PARTNER},
    "service_level.set": frozenset({Role.MANAGER}),
    "baseline.set": frozenset({Role.MANAGER}),
    "history.import": frozenset({Role.ADMIN}),
    "history.forget": frozenset({Role.ADMIN}),
}

"""Who may do what with tasks."""

from typing import Final

from foundation.accounts.models import Role

_WORKERS: Final = frozenset({Role.ENGINEER, Role.RELEASE_MANAGER, Role.MANAGER, Role.ADMIN})
# Whoever triages opens the first task for what was accepted.
_OPENERS: Final = _WORKERS | {Role.TRIAGER}

SEERS: Final = _OPENERS

RIGHTS: Final[dict[str, frozenset[Role]]] = {
    "task.see": SEERS,
    "task.open": _OPENERS,
    "task.edit": _OPENERS,
    "task.link": _OPENERS,
    "task.assign": _OPENERS,
    "task.move": _WORKERS,
    "task.block": _WORKERS,
}

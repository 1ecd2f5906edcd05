"""Who may do what with tasks."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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

# What each is, in words that stand after “may” and “may not”.
WORDS: Final[dict[str, str | Promise]] = {
    "task.see": _("see tasks"),
    "task.open": _("open tasks"),
    "task.edit": _("edit tasks"),
    "task.link": _("link tasks with tickets and commits"),
    "task.assign": _("assign tasks"),
    "task.move": _("move tasks"),
    "task.block": _("block and unblock tasks"),
}

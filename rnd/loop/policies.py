"""Who may say what about fixes and releases."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.accounts.roles import Role

RIGHTS: Final[dict[str, frozenset[Role]]] = {
    "fix.state": frozenset({Role.ENGINEER, Role.RELEASE_MANAGER, Role.MANAGER, Role.ADMIN}),
}

# What each is, in words that stand after “may” and “may not”.
WORDS: Final[dict[str, str | Promise]] = {
    "fix.state": _("state which release holds a fix"),
}

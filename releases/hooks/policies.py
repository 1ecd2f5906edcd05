"""Who may do what with webhooks in. Git hosts themselves have no role: their signature is their right."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.accounts.roles import Role
from releases.policies import STAFF

RIGHTS: Final[dict[str, frozenset[Role]]] = {
    "hook.see": STAFF,
    "hook.manage": frozenset({Role.RELEASE_MANAGER, Role.ADMIN}),
}

# What each is, in words that stand after “may” and “may not”.
WORDS: Final[dict[str, str | Promise]] = {
    "hook.see": _("see the webhooks of repositories"),
    "hook.manage": _("look after the webhooks of repositories"),
}

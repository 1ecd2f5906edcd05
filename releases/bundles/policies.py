"""Who may take releases away on a stick, bring them in, and carry receipts back."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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

# What each is, in words that stand after “may” and “may not”.
WORDS: Final[dict[str, str | Promise]] = {
    "bundle.see": _("see sticks and their bundles"),
    "bundle.make": _("take releases away on a stick"),
    "bundle.import": _("bring in releases from a stick"),
    "receipts.take": _("take receipts in"),
    "receipts.settle": _("settle the receipt of a verdict"),
}

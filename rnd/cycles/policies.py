"""Who may read reports (everyone but partners, each over what they may see), and who sets what is promised."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import Role

RIGHTS: Final[dict[str, frozenset[Role]]] = {
    "report.see": frozenset(Role) - {Role.PARTNER},
    "report.save": frozenset(Role) - {Role.PARTNER},
    "service_level.set": frozenset({Role.MANAGER}),
    "baseline.set": frozenset({Role.MANAGER}),
    "history.import": frozenset({Role.ADMIN}),
    "history.forget": frozenset({Role.ADMIN}),
}

# What each is, in words that stand after “may” and “may not”.
WORDS: Final[dict[str, str | Promise]] = {
    "report.see": _("read reports"),
    "report.save": _("save and freeze reports"),
    "service_level.set": _("set service levels"),
    "baseline.set": _("set the baseline"),
    "history.import": _("import the history of other trackers"),
    "history.forget": _("forget an imported history"),
}

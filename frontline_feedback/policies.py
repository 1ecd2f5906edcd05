"""Who may do what with tickets."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import Role

# Who may see every ticket of their programmes. A reporter sees the own team's; partners none.
STAFF: Final = frozenset({Role.TRIAGER, Role.ENGINEER, Role.RELEASE_MANAGER, Role.MANAGER, Role.ADMIN})
SEERS: Final = STAFF | {Role.REPORTER}
# Engineers work on what was accepted; what is accepted is not theirs to say.
_TRIAGE: Final = frozenset({Role.TRIAGER, Role.RELEASE_MANAGER, Role.MANAGER, Role.ADMIN})
_SYSTEM_ONLY: Final[frozenset[Role]] = frozenset()

RIGHTS: Final[dict[str, frozenset[Role]]] = {
    "ticket.see": SEERS,
    "ticket.report": frozenset({Role.REPORTER, Role.TRIAGER}),
    "ticket.accept": _TRIAGE,
    "ticket.reject": _TRIAGE,
    "ticket.merge": _TRIAGE,
    "ticket.close": _TRIAGE,
    "ticket.reclassify": _TRIAGE,
    "ticket.reopen": _TRIAGE | {Role.REPORTER},
    "ticket.give_verdict": frozenset({Role.REPORTER}),
    "ticket.comment": SEERS,
    "ticket.attach": SEERS,
    "ticket.offer_fix": _SYSTEM_ONLY,
    "ticket.mark_installed": _SYSTEM_ONLY,
}

# What each is, in words that stand after “may” and “may not”.
WORDS: Final[dict[str, str | Promise]] = {
    "ticket.see": _("see tickets"),
    "ticket.report": _("report faults"),
    "ticket.accept": _("accept tickets"),
    "ticket.reject": _("reject tickets"),
    "ticket.merge": _("merge tickets"),
    "ticket.close": _("close tickets"),
    "ticket.reclassify": _("correct what a ticket is about"),
    "ticket.reopen": _("reopen tickets"),
    "ticket.give_verdict": _("give verdicts"),
    "ticket.comment": _("comment on tickets"),
    "ticket.attach": _("attach files to tickets"),
    "ticket.offer_fix": _("offer fixes"),
    "ticket.mark_installed": _("mark a fix as installed"),
}

"""Who may read the whole journal, and who may decide about what is parked.

The journal knows no programmes: whoever sees it sees all of them. So it is for administrators only. It stands below
the accounts and names roles by their plain values; accounts registers this table together with its own.
"""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RIGHTS: Final[dict[str, frozenset[str]]] = {
    "journal.see": frozenset({"admin"}),
    "journal.unpark": frozenset({"admin"}),
}

# What each is, in words that stand after “may” and “may not”.
WORDS: Final[dict[str, str | Promise]] = {
    "journal.see": _("read the whole journal"),
    "journal.unpark": _("decide about parked entries"),
}

"""Who may read the whole journal, and who may decide about what is parked.

The journal knows no programmes: whoever sees it sees all of them. So it is for administrators only. It stands below
the accounts and names roles by their plain values; accounts registers this table together with its own.
"""

from typing import Final

RIGHTS: Final[dict[str, frozenset[str]]] = {
    "journal.see": frozenset({"admin"}),
    "journal.unpark": frozenset({"admin"}),
}

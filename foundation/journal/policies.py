"""Who may read the whole journal, and who may decide about what is parked.

The journal knows no programmes: whoever sees it sees all of them. So it is for administrators only.
"""

from typing import Final

from foundation.accounts.roles import Role

RIGHTS: Final[dict[str, frozenset[Role]]] = {
    "journal.see": frozenset({Role.ADMIN}),
    "journal.unpark": frozenset({Role.ADMIN}),
}

"""Who may do what with webhooks. Notices are everybody's own."""

from typing import Final

from foundation.accounts.models import Role

KEEPERS: Final = frozenset({Role.RELEASE_MANAGER, Role.ADMIN})

RIGHTS: Final[dict[str, frozenset[Role]]] = {
    "webhook.see": KEEPERS,
    "webhook.add": KEEPERS,
    "webhook.change": KEEPERS,
    "webhook.resend": KEEPERS,
}

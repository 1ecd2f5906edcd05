"""Who may do what with webhooks. Notices are everybody's own."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import Role

KEEPERS: Final = frozenset({Role.RELEASE_MANAGER, Role.ADMIN})

RIGHTS: Final[dict[str, frozenset[Role]]] = {
    "webhook.see": KEEPERS,
    "webhook.add": KEEPERS,
    "webhook.change": KEEPERS,
    "webhook.resend": KEEPERS,
}

# What each is, in words that stand after “may” and “may not”.
WORDS: Final[dict[str, str | Promise]] = {
    "webhook.see": _("see webhooks"),
    "webhook.add": _("add webhooks"),
    "webhook.change": _("change webhooks"),
    "webhook.resend": _("send to webhooks again"),
}

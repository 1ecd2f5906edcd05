"""Who may do what with rollouts, installations and adoption."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.accounts.roles import Role
from releases.policies import STAFF

KEEPERS: Final = frozenset({Role.RELEASE_MANAGER, Role.ADMIN})

RIGHTS: Final[dict[str, frozenset[Role]]] = {
    "rollout.see": STAFF,
    "rollout.start": KEEPERS,
    "rollout.pause": KEEPERS | {Role.ENGINEER},  # whoever sees it go wrong may stop it
    "rollout.resume": KEEPERS,
    "rollout.advance": KEEPERS,
    "rollout.abort": KEEPERS,
    "rollout.mark": KEEPERS,
    "rollout.answer": frozenset({Role.REPORTER, Role.RELEASE_MANAGER}),
    "adoption.see": STAFF,
}

# What each is, in words that stand after “may” and “may not”.
WORDS: Final[dict[str, str | Promise]] = {
    "rollout.see": _("see rollouts"),
    "rollout.start": _("start rollouts"),
    "rollout.pause": _("pause rollouts"),
    "rollout.resume": _("resume rollouts"),
    "rollout.advance": _("let the next group of a rollout begin"),
    "rollout.abort": _("abort rollouts"),
    "rollout.mark": _("say for a team how its rollout went"),
    "rollout.answer": _("answer a rollout for a team"),
    "adoption.see": _("see how releases spread"),
}

"""Who may do what with repositories, releases, channels and installations."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.accounts.roles import Role

# Who sees all of it in their programmes: repositories, commits, drafts. Reporters see what was published.
STAFF: Final = frozenset({Role.TRIAGER, Role.ENGINEER, Role.RELEASE_MANAGER, Role.MANAGER, Role.ADMIN})
SEERS: Final = STAFF | {Role.REPORTER}
_KEEPERS: Final = frozenset({Role.RELEASE_MANAGER, Role.ADMIN})
_WRITERS: Final = frozenset({Role.RELEASE_MANAGER, Role.ENGINEER})

RIGHTS: Final[dict[str, frozenset[Role]]] = {
    "repository.see": STAFF,
    "repository.add": _KEEPERS,
    "repository.fetch": _KEEPERS | _WRITERS,
    "repository.bring_bundle": _KEEPERS,
    "commit.see": STAFF,
    "release.see": SEERS,
    "release.draft": frozenset(),  # only the house itself, from a tag
    "release.propose": _WRITERS,
    "release.edit_notes": _WRITERS,
    "release.set_companion": _WRITERS,
    "release.cut": frozenset({Role.RELEASE_MANAGER}),
    "release.approve": _KEEPERS,
    "release.publish": _KEEPERS,
    "release.withdraw": _KEEPERS,
    # Also whoever triages: they know the front's words.
    "term.set": _KEEPERS | {Role.TRIAGER, Role.ENGINEER},
    "commit.relate": _WRITERS | _KEEPERS,
    "subscription.see": SEERS,
    "subscription.set": _KEEPERS,
    "installation.see": SEERS,
    "installation.report": frozenset({Role.REPORTER, Role.RELEASE_MANAGER}),
}

# What each is, in words that stand after “may” and “may not”.
WORDS: Final[dict[str, str | Promise]] = {
    "repository.see": _("see repositories"),
    "repository.add": _("add repositories"),
    "repository.fetch": _("fetch repositories"),
    "repository.bring_bundle": _("bring the history of a repository in a bundle"),
    "commit.see": _("see commits"),
    "release.see": _("see releases"),
    "release.draft": _("draft releases"),
    "release.propose": _("propose releases"),
    "release.edit_notes": _("edit the notes of releases"),
    "release.set_companion": _("say which tag of another repository belongs to a release"),
    "release.cut": _("cut releases"),
    "release.approve": _("approve releases"),
    "release.publish": _("publish releases"),
    "release.withdraw": _("withdraw releases"),
    "term.set": _("change the glossary"),
    "commit.relate": _("say how commits belong together"),
    "subscription.see": _("see which team receives which channel"),
    "subscription.set": _("set which team receives which channel"),
    "installation.see": _("see what is installed where"),
    "installation.report": _("report installations"),
}

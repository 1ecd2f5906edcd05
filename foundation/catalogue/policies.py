"""Who may do what with the catalogue. Nothing in it is deleted: tickets and releases name it for ever."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.accounts.roles import INSIDERS, Role

RIGHTS: Final[dict[str, frozenset[Role]]] = {
    "catalogue.see": INSIDERS,
    "programme.add": frozenset({Role.ADMIN}),
    "programme.change": frozenset({Role.ADMIN}),
    "platform.add": frozenset({Role.ADMIN}),
    "platform.change": frozenset({Role.ADMIN}),
    "component.add": frozenset({Role.ADMIN}),
    "component.change": frozenset({Role.ADMIN}),
    "hardware.add": frozenset({Role.ADMIN}),
    "hardware.change": frozenset({Role.ADMIN}),
}

# What each is, in words that stand after “may” and “may not”.
WORDS: Final[dict[str, str | Promise]] = {
    "catalogue.see": _("see the catalogue"),
    "programme.add": _("add programmes"),
    "programme.change": _("change programmes"),
    "platform.add": _("add platforms"),
    "platform.change": _("change platforms"),
    "component.add": _("add components"),
    "component.change": _("change components"),
    "hardware.add": _("add hardware revisions"),
    "hardware.change": _("change hardware revisions"),
}

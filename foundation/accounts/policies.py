"""Who may do what with people, teams, devices and tokens."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.accounts.roles import EVERYONE, Role

RIGHTS: Final[dict[str, frozenset[Role]]] = {
    "account.see": EVERYONE,
    "user.see": frozenset({Role.ADMIN}),
    "user.add": frozenset({Role.ADMIN}),
    "user.change": frozenset({Role.ADMIN}),
    "team.see": frozenset({Role.ADMIN}),
    "team.add": frozenset({Role.ADMIN}),
    "team.change": frozenset({Role.ADMIN}),
    "membership.add": frozenset({Role.ADMIN}),
    "membership.remove": frozenset({Role.ADMIN}),
    # A reporter for the own team, the others for every field team of their programmes.
    "device.see": frozenset({Role.REPORTER, Role.MANAGER, Role.ADMIN}),
    "device.add_code": frozenset({Role.REPORTER, Role.MANAGER, Role.ADMIN}),
    "device.revoke": frozenset({Role.REPORTER, Role.MANAGER, Role.ADMIN}),
}

# What each is, in words that stand after “may” and “may not”.
WORDS: Final[dict[str, str | Promise]] = {
    "account.see": _("see an account's pages"),
    "user.see": _("see the people of the programmes"),
    "user.add": _("add people"),
    "user.change": _("change the accounts of people"),
    "team.see": _("see the teams of the programmes"),
    "team.add": _("add teams"),
    "team.change": _("change teams"),
    "membership.add": _("take people into teams"),
    "membership.remove": _("remove people from teams"),
    "device.see": _("see devices"),
    "device.add_code": _("make codes for devices"),
    "device.revoke": _("revoke devices"),
}

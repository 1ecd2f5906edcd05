"""Who may do what with people, teams, devices and tokens."""

from typing import Final

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

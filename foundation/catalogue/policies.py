"""Who may do what with the catalogue. Nothing in it is deleted: tickets and releases name it for ever."""

from typing import Final

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

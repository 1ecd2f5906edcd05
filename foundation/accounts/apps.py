"""Who: users, teams, roles, devices, API tokens."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Registers the room's rights and its entries in the user's menu when Django is ready."""

    name = "foundation.accounts"
    label = "accounts"

    def ready(self) -> None:
        from foundation.accounts.policies import RIGHTS, WORDS
        from foundation.accounts.rights import register
        from foundation.accounts.roles import Role
        from foundation.journal import policies as journal
        from foundation.kit.navigation import NavItem, register_account

        register(RIGHTS, WORDS, scope="accounts")
        # The journal stands below this room, so it cannot do this itself.
        register(
            {verb: frozenset(map(Role, roles)) for verb, roles in journal.RIGHTS.items()},
            journal.WORDS,
            scope="journal",
        )
        register_account(NavItem(_("Settings"), "accounts:settings", icon="settings", order=10))
        register_account(NavItem(_("API tokens"), "accounts:tokens", icon="key-round", order=20))
        register_account(NavItem(_("Devices"), "accounts:devices", verb="device.see", icon="smartphone", order=40))
        register_account(NavItem(_("People"), "accounts:people", verb="user.see", icon="users", order=50))
        register_account(NavItem(_("Teams"), "accounts:teams", verb="team.see", icon="building-2", order=60))

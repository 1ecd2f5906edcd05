"""Who: users, teams, roles, API tokens."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the room's rights when Django is ready."""

    name = "foundation.accounts"
    label = "accounts"

    def ready(self) -> None:
        from foundation.accounts.policies import RIGHTS
        from foundation.accounts.rights import register

        register(RIGHTS, scope="accounts")

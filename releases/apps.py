"""Floor 2: what ships."""

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    """Registers the room's rights when Django is ready."""

    name = "releases"
    label = "releases"

    def ready(self) -> None:
        from foundation.accounts.rights import register
        from releases.policies import RIGHTS

        register(RIGHTS, scope="releases")

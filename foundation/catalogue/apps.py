"""What: programmes, platforms, components, hardware revisions."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Registers the room's rights when Django is ready."""

    name = "foundation.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        from foundation.accounts.rights import register
        from foundation.catalogue.policies import RIGHTS

        register(RIGHTS, scope="catalogue")

"""What: programmes, platforms, components, hardware revisions."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    """Registers the room's rights and its entry in the user's menu when Django is ready."""

    name = "foundation.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        from foundation.accounts.rights import register
        from foundation.catalogue.policies import RIGHTS, WORDS
        from foundation.kit.navigation import NavItem, register_account

        register(RIGHTS, WORDS, scope="catalogue")
        entry = NavItem(_("Catalogue"), "catalogue:catalogue", verb="catalogue.see", icon="boxes", order=40)
        register_account(entry)

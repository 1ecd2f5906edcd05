"""A ticket's whole way: reactions to the journal, and the pages that show all of it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LoopConfig(AppConfig):
    name = "rnd.loop"
    label = "loop"

    def ready(self) -> None:
        from foundation.accounts import rights
        from foundation.kit import navigation
        from rnd.loop.policies import RIGHTS, WORDS

        rights.register(RIGHTS, WORDS, scope="releases")

        navigation.register(
            navigation.NavItem(
                _("Tickets"), "loop:ticket_list", "ticket.see", order=10, icon="inbox", key="t", prefixes=("/FB-",)
            )
        )
        navigation.register(
            navigation.NavItem(
                _("Verdicts"), "loop:verdicts", "task.see", order=47, icon="badge-check", below="releases:release_list"
            )
        )
        navigation.register(
            navigation.NavItem(
                _("Traceability"), "loop:matrix", "ticket.see", order=12, icon="route", below="loop:ticket_list"
            )
        )
        navigation.register_search(navigation.NavItem(_("Search tickets"), "loop:ticket_list", "ticket.see"))

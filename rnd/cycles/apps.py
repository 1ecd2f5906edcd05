"""The cycle clock, the facts, the metrics and the reports."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CyclesConfig(AppConfig):
    name = "rnd.cycles"
    label = "cycles"

    def ready(self) -> None:
        from foundation.accounts import rights
        from foundation.kit.navigation import NavItem, register
        from rnd.cycles.policies import RIGHTS

        rights.register(RIGHTS, scope="cycles")
        register(NavItem(_("Reports"), "cycles:reports", "report.see", order=50, icon="chart-column", key="p"))

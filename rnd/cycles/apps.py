"""The cycle clock, the facts, the metrics and the reports."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CyclesConfig(AppConfig):
    name = "rnd.cycles"
    label = "cycles"

    def ready(self) -> None:
        from foundation.accounts import rights
        from foundation.kit.navigation import NavItem, register
        from rnd.cycles.policies import RIGHTS, WORDS

        rights.register(RIGHTS, WORDS, scope="cycles")
        home = "cycles:reports"
        register(NavItem(_("Reports"), home, "report.see", order=50, icon="chart-column", key="p"))
        below = (
            (_("Where the time goes"), "cycles:report_stages", "layers"),
            (_("Loop times"), "cycles:report_times", "timer"),
            (_("Flow"), "cycles:report_flow", "workflow"),
            (_("Ageing"), "cycles:report_ageing", "hourglass"),
            (_("Quality of fixes"), "cycles:report_fixes", "circle-check"),
            (_("Engineering"), "cycles:report_engineering", "hammer"),
            (_("Shipping"), "cycles:report_releases", "package"),
            (_("Forecast"), "cycles:report_forecast", "calendar"),
            (_("Data quality"), "cycles:report_quality", "database"),
            (_("Promises"), "cycles:level_programmes", "target"),
        )
        for place, (label, name, icon) in enumerate(below):
            more = ("/reports/backtest/",) if name.endswith("forecast") else ()
            register(NavItem(label, name, "report.see", order=51 + place, icon=icon, below=home, prefixes=more))

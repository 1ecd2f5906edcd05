"""The cycle clock, the facts, the metrics and the reports."""

from django.apps import AppConfig


class CyclesConfig(AppConfig):
    name = "rnd.cycles"
    label = "cycles"

    def ready(self) -> None:
        from foundation.accounts import rights
        from rnd.cycles.policies import RIGHTS

        rights.register(RIGHTS, scope="cycles")

"""Tasks, the board, and the links between ticket, task and commit."""

from django.apps import AppConfig


class EngineeringConfig(AppConfig):
    name = "rnd.engineering"
    label = "engineering"

    def ready(self) -> None:
        from foundation.accounts import rights
        from rnd.engineering.policies import RIGHTS

        rights.register(RIGHTS, scope="tasks")

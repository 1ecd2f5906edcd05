"""Tasks, the board, and the links between ticket, task and commit."""

from django.apps import AppConfig


class EngineeringConfig(AppConfig):
    name = "rnd.engineering"
    label = "engineering"

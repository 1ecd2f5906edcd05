"""The cycle clock, the facts, the metrics and the reports."""

from django.apps import AppConfig


class CyclesConfig(AppConfig):
    name = "rnd.cycles"
    label = "cycles"

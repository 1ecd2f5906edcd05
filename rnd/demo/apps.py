"""The demo: a year in a small programme, played by the product itself."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "rnd.demo"
    label = "demo"

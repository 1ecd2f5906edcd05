"""The supervisor that runs the whole house on one machine."""

from django.apps import AppConfig


class EmbeddedConfig(AppConfig):
    name = "foundation.embedded"
    label = "embedded"

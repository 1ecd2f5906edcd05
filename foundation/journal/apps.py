"""When: the append-only record of every change, and its consumers."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "foundation.journal"
    label = "journal"

"""When: the append-only record of every change, and its consumers."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JournalConfig(AppConfig):
    name = "foundation.journal"
    label = "journal"

    def ready(self) -> None:
        # What may be said, and who listens, must be known before the first entry is written or read.
        autodiscover_modules("kinds", "consumers")

"""When: the append-only record of every change, and its consumers."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class JournalConfig(AppConfig):
    name = "foundation.journal"
    label = "journal"

    def ready(self) -> None:
        # What may be said, and who listens, must be known before the first entry is written or read.
        autodiscover_modules("kinds", "consumers")
        import_module("foundation.journal.checks")
        post_migrate.connect(_ensure_partitions, sender=self)


def _ensure_partitions(**_signal: Any) -> None:
    partitions = import_module("foundation.journal.partitions")
    if partitions.existing():  # nothing is there after `migrate journal zero`
        partitions.ensure()

"""When: the append-only record of every change, and its consumers."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    name = "foundation.journal"
    label = "journal"

    def ready(self) -> None:
        # What may be said, and who listens, must be known before the first entry is written or read.
        autodiscover_modules("kinds", "consumers")
        import_module("foundation.journal.checks")
        register_in_the_house()
        post_migrate.connect(_ensure_partitions, sender=self)


def register_in_the_house() -> None:
    """Tell the user's menu where the operations page is, and the pages how a consumer's state is called."""
    from foundation.kit import vocabulary
    from foundation.kit.navigation import NavItem, register_account
    from foundation.kit.vocabulary import Word

    register_account(NavItem(_("Operations"), "journal:operations", verb="journal.see", icon="activity", order=70))
    vocabulary.register(
        "consumer",
        [
            Word("current", _("up to date"), tone="good", icon="circle-check"),
            Word("behind", _("reading"), tone="info", icon="hourglass"),
            Word("retrying", _("retrying"), tone="warn", icon="rotate-ccw"),
            Word("stuck", _("needs a person"), tone="bad", icon="triangle-alert"),
            Word("halted", _("stopped"), tone="bad", icon="ban"),
            Word("removed", _("not installed"), tone="muted", icon="x"),
        ],
    )


def _ensure_partitions(**_signal: Any) -> None:
    partitions = import_module("foundation.journal.partitions")
    if partitions.existing():  # nothing is there after `migrate journal zero`
        partitions.ensure()

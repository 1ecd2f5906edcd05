"""Start-up checks: a consumer that waits for a kind that nobody declares waits for ever."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from foundation.journal import kinds, registry


@register("journal")
def consumers_wait_for_declared_kinds(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:
    """Report each kind that a consumer asks for and that no room declares."""
    return [
        Error(
            f"The consumer {consumer.name!r} waits for the kind {kind!r}, which no room declares.",
            hint="Correct its name, or declare it in the room's kinds.py.",
            id="journal.E001",
        )
        for consumer in registry.registered()
        for kind in sorted((consumer.kinds or frozenset()) - kinds.known_kinds())
    ]

"""How the house writes its log: one line an event, to the standard error. Pure; the settings import it."""

from __future__ import annotations

from typing import Any


def logging_of(level: str) -> dict[str, Any]:
    """Give Django's LOGGING for everything of this level and above."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        # It would write whole addresses, with whatever stands in them.
        "loggers": {"httpx": {"level": "WARNING"}},
        "root": {"handlers": ["stderr"], "level": level},
    }

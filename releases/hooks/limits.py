"""How many calls of a kind are taken in a minute; counted in the cache, for all web processes alike."""

from __future__ import annotations

from typing import Final

from django.core.cache import cache

from foundation.kit import clock

WINDOW: Final = 60


def within(name: str, most: int) -> bool:
    """Count one call of this name, and tell whether it is among the `most` of this minute."""
    key = f"hooks.{name}.{int(clock.now().timestamp()) // WINDOW}"
    cache.add(key, 0, timeout=2 * WINDOW)
    try:
        return cache.incr(key) <= most
    except ValueError:  # it has just been thrown out of the cache
        return True

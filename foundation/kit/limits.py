"""How many calls of a kind are taken in a minute; counted in the cache, for all web processes alike."""

from __future__ import annotations

from typing import Final

from django.core.cache import cache

from foundation.kit import clock

WINDOW: Final = 60


def within(name: str, most: int) -> bool:
    """Count one call of this name, and tell whether it is among the `most` of this minute."""
    key = f"{name}.{int(clock.now().timestamp()) // WINDOW}"
    cache.add(key, 0, timeout=2 * WINDOW)
    try:
        return cache.incr(key) <= most
    except ValueError:  # it has just been thrown out of the cache
        return True


def seconds_left() -> int:
    """Give the whole seconds until this minute is over and counting begins anew (1 to 60)."""
    return WINDOW - int(clock.now().timestamp()) % WINDOW

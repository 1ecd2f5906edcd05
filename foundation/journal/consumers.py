"""The door for rooms that listen: `@consumer(...)` declares a reader of the journal, `drain()` runs them all."""

from foundation.journal.registry import Consumer, consumer

__all__ = ["Consumer", "consumer"]

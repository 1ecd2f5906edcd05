"""The door for rooms that listen: `@consumer(...)` declares a reader of the journal, `drain()` runs them all."""

from foundation.journal.registry import Consumer, consumer
from foundation.journal.rounds import ConsumerFailed, drain, run_all

__all__ = ["Consumer", "ConsumerFailed", "consumer", "drain", "run_all"]

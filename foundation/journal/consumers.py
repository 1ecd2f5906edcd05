"""The door for rooms that listen: `@consumer(...)` declares a reader of the journal, `drain()` runs them all."""

from datetime import timedelta

from foundation.journal import sealing
from foundation.journal.registry import Consumer, consumer
from foundation.journal.rounds import ConsumerFailed, drain, run_all

__all__ = ["Consumer", "ConsumerFailed", "consumer", "drain", "run_all"]

# One order for everything, so it stops at what it cannot seal. A minute's wait makes seals of a decent size.
consumer("journal.seal", batch=1000, on_failure="halt", at_most_every=timedelta(minutes=1))(sealing.seal)

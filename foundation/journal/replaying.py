"""Building a projection anew from the journal: the same consumer, from the beginning, over emptied tables."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from django.db import transaction

from foundation.journal import positions, registry
from foundation.journal.models import Cursor, Parked
from foundation.journal.registry import Consumer
from foundation.journal.running import Outcome, alone, run

STEP_SECONDS: Final = 1.0


class NotReplayable(ValueError):
    """The consumer has no `reset`: what it did (a message sent, a task moved) must not be done again."""


class Busy(RuntimeError):
    """Another process is running the consumer at this moment."""


def start(name: str) -> Consumer:
    """Empty what the consumer built and put it back to the beginning, in one transaction.

    Raises LookupError for an unknown name, NotReplayable, and Busy while another process runs it.
    """
    consumer = registry.named(name)
    if consumer.reset is None:
        raise NotReplayable(
            f"{name} declares no reset, so it cannot be replayed. Replayable: {', '.join(replayable())}."
        )
    with alone(consumer) as mine:
        if not mine:
            raise Busy(f"Another process is running {name} right now. Try again in a moment.")
        with transaction.atomic():
            consumer.reset()
            Parked.objects.filter(consumer=name).delete()
            Cursor.objects.filter(consumer=name).delete()
            positions.new_cursors([replace(consumer, start="beginning")], positions.outlook())
    return consumer


def go_on(consumer: Consumer, *, progress: Callable[[int], None] = lambda handled: None) -> Outcome:
    """Read on until nothing below the horizon is left; what stops in between is continued by calling it again.

    `progress` is given the entries handled so far, every second or so.
    """
    total = Outcome()
    while True:
        outcome = run(consumer, below=positions.horizon(), until=time.monotonic() + STEP_SECONDS)
        total.handled += outcome.handled
        total.failures += outcome.failures
        progress(total.handled)
        if outcome.busy or not outcome.more:
            total.busy = outcome.busy
            return total


def replayable() -> list[str]:
    """Give the names of the consumers that can be replayed."""
    return sorted(consumer.name for consumer in registry.registered() if consumer.reset is not None)

"""What Celery may start here."""

import time
from typing import Final

from celery import shared_task

from foundation.journal import partitions, rounds, waking

TURN_SECONDS: Final = 60.0


@shared_task(name="journal.run_consumers", ignore_result=True)
def run_consumers() -> None:
    """Let every consumer read what is new; sent on commit and by the sweep."""
    end = time.monotonic() + TURN_SECONDS
    while rounds.run_all(seconds=rounds.SLICE_SECONDS).moved:
        if time.monotonic() > end:
            waking.wake()  # another worker may go on; this one has other work too
            return


@shared_task(name="journal.ensure_partitions", ignore_result=True)
def ensure_partitions() -> None:
    """Make the partitions of the coming months; sent by beat."""
    partitions.ensure()

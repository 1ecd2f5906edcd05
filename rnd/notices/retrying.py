"""When a delivery that failed is tried again: soon at first, then over days. Pure."""

from datetime import timedelta
from typing import Final

# After the first attempt, the second, …: the schedule that Standard Webhooks recommends, four days in all.
WAITS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
SPREAD: Final = 0.2


def wait_after(attempts: int, *, chance: float) -> timedelta | None:
    """Give how long to wait after the `attempts`-th failure (1, 2, …); None: give up.

    `chance` in [0, 1) spreads the waits by up to a fifth, so that many deliveries that failed together
    do not come back together.
    """
    if attempts > len(WAITS):
        return None
    return WAITS[attempts - 1] * (1 + SPREAD * chance)

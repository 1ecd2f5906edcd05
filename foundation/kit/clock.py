"""The one place that knows what time it is, so that the demo and the tests can move it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final

_moved: Final[ContextVar[datetime | None]] = ContextVar("fieldloop_clock", default=None)


def now() -> datetime:
    """Give the present moment, aware and in UTC; inside `at(moment)`, that moment."""
    moved = _moved.get()
    return datetime.now(UTC) if moved is None else moved


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Let `now()` answer `moment` inside the block (for this thread or async task only).

    Raises ValueError for a moment without a time zone: it could mean any of 38 instants.
    """
    if moment.utcoffset() is None:
        raise ValueError(f"clock.at() needs an aware datetime; {moment!r} has no time zone. Add tzinfo=UTC.")
    moment = moment.astimezone(UTC)
    token = _moved.set(moment)
    try:
        yield moment
    finally:
        _moved.reset(token)

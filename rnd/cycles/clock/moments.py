"""Between datetimes and the clock's integers, without a float: microseconds since 1970 in UTC, and back."""

from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)


def to_us(moment: datetime) -> int:
    """Give an aware moment as integer UTC microseconds."""
    return (moment - EPOCH) // MICROSECOND


def from_us(microseconds: int) -> datetime:
    """Give the aware UTC moment of integer microseconds."""
    return EPOCH + timedelta(microseconds=microseconds)


def maybe_from_us(microseconds: int | None) -> datetime | None:
    """Like `from_us`; None stays None."""
    return None if microseconds is None else from_us(microseconds)

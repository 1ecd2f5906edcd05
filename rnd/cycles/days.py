"""The calendar of a zone over integers: on which day a moment lies, quickly and exactly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from rnd.cycles.raw import DAY, EPOCH, from_int, to_int

_MICROSECOND: Final = timedelta(microseconds=1)
# Before, some zones stood at odd seconds and changed as they pleased.
_SINCE: Final = to_int(datetime(1973, 1, 1, tzinfo=UTC)) // DAY
_FIRST: Final = EPOCH.date()


@lru_cache(maxsize=200)
def days_of(zone: str) -> Callable[[int], date]:
    """Give the function from a moment (microseconds since 2000) to its day in the zone.

    It remembers the zone's offset for every UTC day through which that stays the same, and looks closely at the others.
    """
    here = ZoneInfo(zone)
    offsets: dict[int, int | None] = {}
    dates: dict[int, date] = {}

    def offset_at(moment: int) -> int:
        offset = from_int(moment).astimezone(here).utcoffset()
        assert offset is not None, "a zone has an offset at any time"
        return offset // _MICROSECOND

    def day(moment: int) -> date:
        utc = moment // DAY
        try:
            offset = offsets[utc]
        except KeyError:
            begins, ends = offset_at(utc * DAY), offset_at((utc + 1) * DAY)
            offset = offsets[utc] = begins if begins == ends and utc >= _SINCE else None
        number = (moment + (offset_at(moment) if offset is None else offset)) // DAY
        found = dates.get(number)
        if found is None:
            found = dates[number] = _FIRST + timedelta(days=number)
        return found

    return day


def week_of(day: date) -> date:
    """Give the Monday of its week."""
    return day - timedelta(days=day.weekday())


def month_of(day: date) -> date:
    """Give the first day of its month."""
    return day.replace(day=1)


def slab_of(day: date) -> tuple[date, date]:
    """Give the first day of the part of its week that lies in its month, and the day behind that part."""
    monday, first = week_of(day), month_of(day)
    following = (first + timedelta(days=31)).replace(day=1)
    return max(monday, first), min(monday + timedelta(days=7), following)

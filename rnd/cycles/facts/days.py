"""The calendar of a zone over integers: on which day a moment lies, quickly and exactly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from rnd.cycles.facts.columnar.reading import Numbers
from rnd.cycles.facts.raw import DAY, EPOCH, from_int, to_int

_MICROSECOND: Final = timedelta(microseconds=1)
# Before, some zones stood at odd seconds and changed as they pleased.
_SINCE: Final = to_int(datetime(1973, 1, 1, tzinfo=UTC)) // DAY
_FIRST: Final = EPOCH.date()


@lru_cache(maxsize=200)
def days_of(zone: str) -> Callable[[int], date]:
    """Give the function from a moment (microseconds since 2000) to its day in the zone.

    It remembers the zone's offset for every UTC day through which that stays the same, and looks closely at the others.
    """
    offset_of = _offsets_of(zone)
    dates: dict[int, date] = {}

    def day(moment: int) -> date:
        number = (moment + offset_of(moment)) // DAY
        found = dates.get(number)
        if found is None:
            found = dates[number] = date_of(number)
        return found

    return day


def numbers_of(zone: str, moments: Numbers) -> Numbers:
    """Give the days on which many moments lie in the zone, by number."""
    days, which = np.unique(moments // DAY, return_inverse=True)
    through = _through(zone)
    known = [through(int(day)) for day in days]
    found = moments + np.array([offset or 0 for offset in known], np.int64)[which]
    doubtful = np.array([offset is None for offset in known], bool)[which]
    if doubtful.any():
        offset_of = _offsets_of(zone)
        found[doubtful] = [moment + offset_of(moment) for moment in moments[doubtful].tolist()]
    return found // DAY


def date_of(number: int) -> date:
    """Give a day by its number."""
    return _FIRST + timedelta(days=number)


@lru_cache(maxsize=200)
def _offsets_of(zone: str) -> Callable[[int], int]:
    """Give the function from a moment to the zone's offset then, in microseconds."""
    here, through = ZoneInfo(zone), _through(zone)

    def offset_of(moment: int) -> int:
        offset = through(moment // DAY)
        return _offset_at(here, moment) if offset is None else offset

    return offset_of


@lru_cache(maxsize=200)
def _through(zone: str) -> Callable[[int], int | None]:
    """Give the function from a UTC day to the offset that the zone has all day; None where it changes."""
    here = ZoneInfo(zone)
    offsets: dict[int, int | None] = {}

    def through(utc: int) -> int | None:
        try:
            return offsets[utc]
        except KeyError:
            begins, ends = _offset_at(here, utc * DAY), _offset_at(here, (utc + 1) * DAY)
            offset = offsets[utc] = begins if begins == ends and utc >= _SINCE else None
            return offset

    return through


def _offset_at(here: ZoneInfo, moment: int) -> int:
    offset = from_int(moment).astimezone(here).utcoffset()
    assert offset is not None, "a zone has an offset at any time"
    return offset // _MICROSECOND


def week_of(day: date) -> date:
    """Give the Monday of its week."""
    return day - timedelta(days=day.weekday())


def month_of(day: date) -> date:
    """Give the first day of its month."""
    return day.replace(day=1)


def quarter_of(day: date) -> date:
    """Give the first day of its quarter."""
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


# The first day of the period in which a day lies, by what periods are called.
FIRST_OF: Final[Mapping[str, Callable[[date], date]]] = {"week": week_of, "month": month_of, "quarter": quarter_of}
# No period is longer, and the next one lasts longer than what is too much.
_LONGEST: Final = {"week": timedelta(days=7), "month": timedelta(days=31), "quarter": timedelta(days=92)}


def following(first: date, by: str) -> date:
    """Give the first day of the next week, month or quarter."""
    return FIRST_OF[by](first + _LONGEST[by])


def slab_of(day: date) -> tuple[date, date]:
    """Give the first day of the part of its week that lies in its month, and the day behind that part."""
    monday, first = week_of(day), month_of(day)
    return max(monday, first), min(monday + timedelta(days=7), following(first, "month"))

"""What happens when: a queue of acts, each played with the house's clock at its own moment."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Final

from foundation.kit import clock

Act = Callable[[], None]
DAY_STARTS: Final = 7
DAY_ENDS: Final = 16
SATURDAY: Final = 5


class Calendar:
    """Acts in the order of their moments; those of one moment in the order in which they were planned."""

    def __init__(self, start: datetime, end: datetime, rng: Random) -> None:
        self.start = self.now = start
        self.end = end
        self._rng = rng
        self._queue: list[tuple[datetime, int, Act]] = []
        self._order = count()

    def plan(self, moment: datetime, act: Act) -> None:
        """Have `act` played at `moment` (now, where that has passed); after the end of the year it is not played."""
        heapq.heappush(self._queue, (max(moment, self.now), next(self._order), act))

    def after(self, median: timedelta, act: Act, *, spread: float = 0.8, office: bool = False) -> None:
        """Plan `act` after a skewed time (log-normal with this median); `office`: in working hours only."""
        delay = median * math.exp(self._rng.gauss(0, spread))
        moment = self.now + max(delay, timedelta(minutes=1))
        self.plan(self.in_office(moment) if office else moment, act)

    def in_office(self, moment: datetime) -> datetime:
        """Give the moment itself within working hours (UTC), or one early on the next working day."""
        while moment.weekday() >= SATURDAY or not DAY_STARTS <= moment.hour < DAY_ENDS:
            nearly = moment.replace(hour=DAY_STARTS, minute=0) + timedelta(minutes=self._rng.randrange(90))
            moment = nearly if nearly > moment else nearly + timedelta(days=1)
        return moment

    def run(self, progress: Callable[[datetime], None]) -> None:
        """Play everything up to the end of the year."""
        while self._queue and self._queue[0][0] <= self.end:
            self.now, _order, act = heapq.heappop(self._queue)
            with clock.at(self.now):
                act()
            progress(self.now)

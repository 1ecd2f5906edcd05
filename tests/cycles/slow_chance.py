"""What is drawn in random worlds: moments, steps between them, and whether a thing happens."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tests.cast import Cast
from tests.cycles.world import DAY0

SPAN: Final = timedelta(days=300)


@dataclass(frozen=True)
class Shape:
    """What kind of world: how many tickets, how many of its entries come late or from a wrong clock (per cent)."""

    seed: int
    tickets: int = 45
    nasty: int = 15
    zone: str = "Europe/Kyiv"
    calm: bool = False  # most tickets are fixed in one pass


class Chance:
    """Draws for one world, of which `now` is the end: the same each time for the same shape."""

    def __init__(self, cast: Cast, shape: Shape) -> None:
        self.cast, self.shape, self.random = cast, shape, random.Random(shape.seed)
        self.now = DAY0 + SPAN + timedelta(days=30, microseconds=self.random.randrange(10**10))

    def any_moment(self) -> datetime:
        return DAY0 + timedelta(microseconds=self.random.randrange(int(SPAN.total_seconds()) * 10**6))

    def step(self, days: float = 4) -> timedelta:
        """Nothing, a microsecond, or anything skewed around so many days."""
        if self.random.random() < 0.1:
            return timedelta(microseconds=self.random.choice([0, 0, 1]))
        return timedelta(microseconds=round(days * 86_400e6 * self.random.lognormvariate(-0.5, 0.9)))

    def often(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

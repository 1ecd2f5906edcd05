"""Sums over finished loops: all that additive figures are made of. Sums of sums are sums, so groups add up exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from rnd.cycles.clock.stages import Stage
from rnd.cycles.statistics.figures import means


@dataclass(frozen=True, slots=True)
class Sums:
    """Over n finished loops: microseconds in all and by stage, and how many loops came through each stage.

    The `recorded_…` ones are over the loops in which somebody marked who worked or what blocked.
    """

    n: int = 0
    total: int = 0
    stages: Mapping[Stage, int] = field(default_factory=lambda: dict.fromkeys(Stage, 0))
    visited: Mapping[Stage, int] = field(default_factory=lambda: dict.fromkeys(Stage, 0))
    first_time: int = 0
    rework: int = 0
    recorded_n: int = 0
    recorded_total: int = 0
    recorded_active: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            n=self.n + other.n,
            total=self.total + other.total,
            stages={stage: self.stages[stage] + other.stages[stage] for stage in Stage},
            visited={stage: self.visited[stage] + other.visited[stage] for stage in Stage},
            first_time=self.first_time + other.first_time,
            rework=self.rework + other.rework,
            recorded_n=self.recorded_n + other.recorded_n,
            recorded_total=self.recorded_total + other.recorded_total,
            recorded_active=self.recorded_active + other.recorded_active,
        )

    @property
    def efficiency(self) -> Fraction | None:
        """Active ÷ total over the loops in which modes were recorded; None where there are none."""
        return Fraction(self.recorded_active, self.recorded_total) if self.recorded_total else None

    @property
    def first_time_rate(self) -> Fraction | None:
        """The share of loops that needed one pass only."""
        return Fraction(self.first_time, self.n) if self.n else None

    def means(self, *, unit: int = 1) -> dict[Stage, int]:
        """Give the mean of each stage in whole units of so many microseconds; they add up to `mean_total`."""
        return means(self.stages, self.n, unit=unit) if self.n else dict.fromkeys(Stage, 0)

    def mean_total(self, *, unit: int = 1) -> int | None:
        """Give the mean loop, rounded half up to whole units; None without loops."""
        return means({"all": self.total}, self.n, unit=unit)["all"] if self.n else None


def add_up(sums: Iterable[Sums]) -> Sums:
    """Give the sum of sums."""
    return sum(sums, start=Sums())

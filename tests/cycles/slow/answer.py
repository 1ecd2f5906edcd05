"""What a page is to say: for each of its sections every number, and every sentence in which there are numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from foundation.kit.wording import duration
from tests.cycles.slow.figures import ALL, bounds, percentile
from tests.cycles.slow.life import Life
from tests.cycles.slow.plain import Asked, World

PERCENTILES = ["p50", "p85", "p95", *(f"{p}_{end}" for p in ("p50", "p85", "p95") for end in ("low", "high"))]


@dataclass
class Part:
    """One section. `figures`: key → (value, n). `says`: sentences with numbers in them, in any order."""

    figures: Mapping[str, tuple[Any, int | None]] = field(default_factory=dict)
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Any]] = ()
    foot: Sequence[Any] | None = None
    strip: Mapping[str, int] = field(default_factory=dict)
    levels: Mapping[str, int] = field(default_factory=dict)
    says: Sequence[str] = ()


@dataclass
class Answer:
    n: int
    parts: dict[str, Part]


@dataclass
class Known:
    """A world with the lives in it, as one report asks for them."""

    world: World
    every: dict[int, Life]
    asked: Asked

    def but(self, **changes: Any) -> Known:
        from dataclasses import replace

        return Known(self.world, self.every, replace(self.asked, **changes))

    @property
    def fitting(self) -> list[Life]:
        return [life for life in self.every.values() if life.fits(self.world, self.asked)]

    @property
    def finished(self) -> list[Life]:
        """Counted, and finished in the period."""
        return [
            life
            for life in self.fitting
            if life.counts() and life.finished is not None and self.asked.inside(life.finished)
        ]

    @property
    def open(self) -> list[Life]:
        """Counted and still running, whatever the period."""
        return [life for life in self.fitting if life.counts() and life.finished is None]

    @property
    def left_out(self) -> dict[str, int]:
        """How many are left out by reason: those that ended (or, merged and open, were received) in the period."""
        found: dict[str, int] = {}
        for life in self.fitting:
            if life.excluded and self.asked.inside(life.received if life.ended is None else life.ended):
                found[life.excluded] = found.get(life.excluded, 0) + 1
        return dict(sorted(found.items()))

    def left_out_says(self) -> list[str]:
        said = []
        if n := len(self.open):
            said.append(
                f"{n} ticket is still open, and not in these figures."
                if n == 1
                else f"{n} tickets are still open, and not in these figures."
            )
        return said + [f"Left out: {REASONS[reason]} ({n})" for reason, n in self.left_out.items()]

    def day(self, life: Life) -> Any:
        assert life.finished is not None
        return self.asked.day(life.finished)


REASONS = {
    "merged": "Merged into another ticket",
    "rejected": "Rejected",
    "answered": "Answered",
    "no_fault_found": "No fault found",
    "wont_fix": "Won't fix",
}


def interval(values: Sequence[int], p: Fraction) -> str:
    """The interval in words, where there are numbers in it."""
    low, high = bounds(values, p)
    if percentile(values, p) is None or (low is None and high is None):
        return ""
    if high is None:
        return f"95 % interval: {duration(low)} or more"
    return (
        f"95 % interval: {duration(high)} or less"
        if low is None
        else (f"95 % interval: {duration(low)} to {duration(high)}")
    )


def headline(values: Sequence[int]) -> tuple[dict[str, tuple[Any, int | None]], list[str]]:
    """The three percentiles of the loop as figures, and what is said of their intervals."""
    figures: dict[str, tuple[Any, int | None]] = {f"p{int(p * 100)}": (percentile(values, p), len(values)) for p in ALL}
    return figures, [said for p in ALL if (said := interval(values, p))]

"""What work costs: time on the wall, and on the processors by who used it, which other work blurs less."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds: on the wall, and of the processors for us, for the programs we ran (git), and for PostgreSQL."""

    wall: float
    ours: float
    git: float
    postgres: float

    @property
    def processors(self) -> float:
        """All that the processors did."""
        return self.ours + self.git + self.postgres

    @property
    def overlapped(self) -> float:
        """The wall of two free processors, if everything overlapped as well as it can."""
        return max(self.ours, self.git, self.postgres, self.processors / 2)

    def __str__(self) -> str:
        parts = f"us {self.ours * 1000:.0f} + git {self.git * 1000:.0f} + PostgreSQL {self.postgres * 1000:.0f}"
        return f"{self.wall * 1000:,.0f} ms; processors {parts} ms"


def cost(work: Callable[[], Any]) -> Cost:
    """Run it once."""
    backend = _backend()
    before = [*_used(), _used_by(backend)]
    began = time.perf_counter()
    work()
    wall = time.perf_counter() - began
    after = [*_used(), _used_by(backend)]
    # A request may end the connection, and PostgreSQL's process with it: then its part is not known, and left out.
    return Cost(wall, *(max(0.0, new - old) for new, old in zip(after, before, strict=True)))


def in_turn(
    works: Sequence[Callable[[], Any]], *, rounds: int, after: Callable[[], Any] = lambda: None
) -> list[list[Cost]]:
    """Run each in turn, so that the machine's moods meet all alike; give the costs of each, round by round."""
    found: list[list[Cost]] = [[] for _work in works]
    for _round in range(rounds):
        for costs, work in zip(found, works, strict=True):
            costs.append(cost(work))
            after()
    return found


def median(costs: Sequence[Cost]) -> Cost:
    """Give the median of each figure."""
    return Cost(*(statistics.median(getattr(one, field.name) for one in costs) for field in fields(Cost)))


def ratio(ours: Sequence[Cost], floor: Sequence[Cost]) -> float:
    """Give the median of how many times the floor's time on the wall ours took, each against its own round's."""
    return statistics.median(one.wall / other.wall for one, other in zip(ours, floor, strict=True))


def held() -> int:
    """Give the most memory that this process has held, in bytes (what it was forked from does not count)."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) << 10


def _backend() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone() or (0,)
    return int(pid)


def _used() -> list[float]:
    found = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return [usage.ru_utime + usage.ru_stime for usage in found]


def _used_by(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except FileNotFoundError:
        return 0.0

"""What finished loops say of service levels: how they were kept, and from which age on an open ticket may miss one."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Programme
from rnd.cycles import levels
from rnd.cycles.analysis.finished import Finished
from rnd.cycles.filters import Filters
from rnd.cycles.models import ServiceLevel
from rnd.cycles.statistics.figures import FEWEST

_DAY: Final = 86_400_000_000
# A ticket is about to miss its service level when fewer than half of those that lived as long still made it.
LIKELY: Final = Fraction(1, 2)

MISSED, AT_RISK, ON_TRACK, UNKNOWN, NO_LEVEL = "missed", "at_risk", "on_track", "unknown", "no_level"


@dataclass(frozen=True, slots=True)
class Alike:
    """The n finished loops of a programme and severity with a service level; `kept` took its `limit_us` at most.

    With age the chance only falls, and so does the count of those that lived as long. So each outlook is a range of
    ages: from `risky_from` on a ticket is at risk, from `few_from` on too few are left to say, beyond the limit it is
    missed. None: from no age on.
    """

    loops: Finished
    level: ServiceLevel
    limit_us: int
    n: int
    kept: int
    risky_from: int | None
    few_from: int | None


def alike(loops: Finished, level: ServiceLevel) -> Alike:
    """Find the ages at which the outlook changes, by two order statistics."""
    limit = (level.days or 0) * _DAY
    (kept,) = loops.count_below([limit + 1])

    def turns(n: int) -> tuple[int, int]:
        # Of x that took its age at most, the chance is (kept − x) ÷ (n − x): below a half where x > 2 · kept − n.
        return 2 * kept - n + 1, n - FEWEST + 1

    found = loops.pick(lambda n: {rank for rank in turns(n) if 1 <= rank <= n})
    risky, few = (0 if rank < 1 else found.values.get(rank) for rank in turns(found.n))
    return Alike(loops, level, limit, found.n, kept, risky, few)


def prospect(age: int, some: Alike | None, younger: int) -> tuple[Fraction | None, int, str]:
    """Give (chance, how many it is taken from, outlook) of a ticket; `younger` of those alike took its age at most."""
    if some is None:
        return None, 0, NO_LEVEL
    if age > some.limit_us:
        return Fraction(0), 0, MISSED
    older = some.n - younger
    if older < FEWEST:
        return None, older, UNKNOWN
    chance = Fraction(some.kept - younger, older)
    return chance, older, AT_RISK if chance < LIKELY else ON_TRACK


@dataclass(frozen=True, slots=True)
class Kept:
    """How one service level was kept by the finished loops of its severity: `hits` of `n`."""

    level: ServiceLevel
    hits: int
    n: int

    @property
    def rate(self) -> Fraction | None:
        return Fraction(self.hits, self.n) if self.n else None

    @property
    def kept(self) -> bool | None:
        """Whether the promised share was reached; None without loops."""
        return None if self.rate is None else self.rate >= Fraction(self.level.percent, 100)

    @property
    def over_us(self) -> int:
        """The shortest length, in microseconds, that is too long."""
        return (self.level.days or 0) * _DAY + 1


def kept(actor: Actor, filters: Filters, programme: Programme) -> list[Kept]:
    """Give the hit rate of each service level that holds, over the finished loops of the period."""
    found, every = [], Finished(actor, filters.but(severity=""))
    for severity, level in sorted(levels.service_levels(programme.pk).items()):
        loops = every.alike(programme, severity)
        (hits,) = loops.count_below([(level.days or 0) * _DAY + 1])
        found.append(Kept(level, hits, loops.pick(lambda _n: ()).n))
    return found

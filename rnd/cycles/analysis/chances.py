"""What finished loops say of open ones with a service level: from which age on a ticket is missed, or about to miss."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from rnd.cycles.analysis.finished import Finished
from rnd.cycles.figures import FEWEST
from rnd.cycles.models import ServiceLevel

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

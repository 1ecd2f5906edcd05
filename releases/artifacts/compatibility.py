"""What several statements about one artifact on one hardware revision add up to. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

SUPPORTED: Final = "supported"
BLOCKED: Final = "blocked"
UNTESTED: Final = "untested"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `narrowed`: it holds for some bootloaders or companion versions only."""

    state: str
    narrowed: bool


def state_of_pair(statements: Iterable[Statement]) -> str:
    """Give the state of the pair: what is said of it as a whole, or else the best that is said of a part of it.

    Nothing said is untested. A pair that is supported as a whole and blocked for one bootloader is supported: the
    block is shown with it, and does not hold the others back.
    """
    found = list(statements)
    whole = [statement.state for statement in found if not statement.narrowed]
    states = whole or [statement.state for statement in found]
    for state in (BLOCKED, SUPPORTED) if whole else (SUPPORTED, BLOCKED):
        if state in states:
            return state
    return UNTESTED

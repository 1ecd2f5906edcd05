"""Puts the parts of the demo together and plays the year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from foundation.journal import partitions
from foundation.journal.consumers import run_all
from foundation.kit import clock
from rnd.demo.calendar import Calendar
from rnd.demo.engineering import Engineering
from rnd.demo.front import Front
from rnd.demo.promises import Promises
from rnd.demo.rollouts import Rollouts
from rnd.demo.shipping import Shipping
from rnd.demo.signing import Signing
from rnd.demo.triage import Triage
from rnd.demo.world import build_world

SEED: Final = 1917
YEAR: Final = timedelta(days=365)
REACTING: Final = frozenset(
    {
        "engineering.link_commits",
        "loop.carry_fixes",
        "loop.tell_rollouts",
        "rollouts.follow_withdrawals",
        "rollouts.note_installations",
    }
)


class Year:
    """The year that ends at `end`; the same for the same end and seed."""

    def __init__(self, *, end: datetime, folder: Path, length: timedelta = YEAR, seed: int = SEED) -> None:
        self.rng = Random(seed)  # noqa: S311  a story, not a secret
        self.calendar = Calendar(end - length, end, self.rng)
        # The journal keeps its months apart; these lie in the past, where nothing makes them by itself.
        partitions.ensure(first=self.calendar.start.date(), last=end.date())
        with clock.at(self.calendar.start):
            self.world = build_world(self.rng, folder, self.calendar.start)
        self.front = Front(self)
        self.triage = Triage(self)
        self.engineering = Engineering(self)
        self.rollouts = Rollouts(self)
        self.shipping = Shipping(self)
        self.signing = Signing(self)
        self.promises = Promises(self)

    def listen(self) -> None:
        """Let the house act on what the journal says, as its workers would within a second.

        What only counts (facts, seals) reads the whole year at its end.
        """
        run_all(eager=True, only=REACTING)

    def play(self, progress: Callable[[datetime], None]) -> None:
        """Play it through; `progress` is told the moment after each act."""
        with clock.at(self.calendar.start):
            self.front.plan_reports()
            self.shipping.plan_releases()
            self.promises.plan()
        self.calendar.run(progress)

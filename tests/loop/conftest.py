"""A ticket about the autopilot, whose repository is real."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from foundation.accounts.actors import SYSTEM
from foundation.accounts.models import Team
from foundation.kit import clock
from frontline_feedback.actions import accept_ticket, report_ticket
from frontline_feedback.models import Ticket
from releases.actions.report_installation import report_installation
from releases.actions.subscribe_team import subscribe_team
from releases.models import Installation, Release
from rnd.engineering.actions import move_task, open_task
from rnd.engineering.models import Task
from tests.cast import Cast
from tests.releases.world import World, make_world


@dataclass(slots=True)
class Way:
    """The steps of a ticket's way, each by the person whose step it is."""

    cast: Cast
    world: World

    def report(self, *, team: Team | None = None, by: str = "olena") -> Ticket:
        return report_ticket(
            actor=self.cast.actor(by),
            team=team or self.cast.north,
            title="Height jumps in fog",
            platform=self.cast.platform,
            component=self.cast.autopilot,
            hardware=self.cast.rev_a,
            severity="S1",
            seen_at=clock.now(),
        )

    def accept(self, ticket: Ticket) -> Ticket:
        return accept_ticket(actor=self.cast.actor("ingrid"), ticket=ticket)

    def open_task(self, ticket: Ticket) -> Task:
        return open_task(
            actor=self.cast.actor("magnus"), component=self.cast.autopilot, title="Reject steps", ticket=ticket
        )

    def commit(self, message: str) -> str:
        sha = self.world.box.commit(message)
        self.world.fetch()
        return sha

    def finish(self, task: Task) -> Task:
        return move_task(actor=self.cast.actor("magnus"), task=task, stage="done")

    def subscribe(self, team: Team, channel: str = "fleet") -> None:
        subscribe_team(actor=SYSTEM, team=team, component=self.cast.autopilot, channel=channel)

    def install(self, release: Release, *, team: Team | None = None, by: str = "olena") -> Installation:
        return report_installation(
            actor=self.cast.actor(by), release=release, team=team or self.cast.north, hardware=self.cast.rev_a
        )


@pytest.fixture
def way(transactional_db: None, cast: Cast, tmp_path: Path) -> Way:
    found = Way(cast, make_world(cast, tmp_path))
    found.subscribe(cast.north)
    return found


@pytest.fixture
def done(way: Way, drain: Callable[[], None]) -> tuple[Ticket, Task]:
    """An accepted ticket whose task is done, with one commit that is in no release yet."""
    ticket = way.accept(way.report())
    task = way.open_task(ticket)
    way.commit(f"Reject steps\n\nFixes: {task.key}\n")
    drain()
    return ticket, way.finish(task)

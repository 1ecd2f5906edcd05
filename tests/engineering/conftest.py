"""What the tests of engineering share: an accepted ticket, a task, and a commit of its component."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from foundation.kit import clock
from frontline_feedback.actions import accept_ticket, report_ticket
from frontline_feedback.models import Ticket
from rnd.engineering.actions import open_task
from rnd.engineering.models import Task
from tests.cast import Cast


@pytest.fixture
def ingrid(cast: Cast) -> Actor:
    return cast.actor("ingrid")


@pytest.fixture
def magnus(cast: Cast) -> Actor:
    return cast.actor("magnus")


@pytest.fixture
def new_ticket(cast: Cast) -> Callable[..., Ticket]:
    """Reports a fault of the radio; `accepted=False` leaves it in triage."""

    def make(*, accepted: bool = True, seen_at: datetime | None = None) -> Ticket:
        ticket = report_ticket(
            actor=cast.actor("olena"),
            team=cast.north,
            title="Link drops in the cold",
            platform=cast.platform,
            component=cast.radio,
            hardware=cast.rev_a,
            severity="S2",
            seen_at=seen_at or clock.now(),
        )
        return accept_ticket(actor=cast.actor("ingrid"), ticket=ticket) if accepted else ticket

    return make


@pytest.fixture
def ticket(new_ticket: Callable[..., Ticket]) -> Ticket:
    return new_ticket()


@pytest.fixture
def team(cast: Cast) -> Team:
    """Another team of engineers in the programme."""
    found = Team.objects.create(name="Autopilots", slug="autopilots", kind=Team.Kind.ENGINEERING)
    found.programmes.add(cast.programme)
    return found


@pytest.fixture
def task(cast: Cast, magnus: Actor, ticket: Ticket) -> Task:
    return open_task(actor=magnus, component=cast.radio, title="Warm up the oscillator", ticket=ticket)

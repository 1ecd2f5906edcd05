"""What the tests of reports share."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from rnd.cycles.actions import project_tickets
from rnd.cycles.facts.spans import refresh_spans
from tests.cycles.measured import World
from tests.cycles.slow_report import ways_of
from tests.cycles.world import random_loops
from tests.snapshot import Assembled


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker, assembled: Assembled) -> Iterator[World]:
    """The loops of all tests of a file, in a transaction around theirs: what a test changes is undone with its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = assembled.give()
        tickets = random_loops(cast, 21, 70)
        project_tickets(ticket_ids=[ticket.pk for ticket in tickets])
        refresh_spans()
        yield World(cast, tickets, ways_of(tickets), ZoneInfo(cast.programme.time_zone))
        transaction.set_rollback(True)

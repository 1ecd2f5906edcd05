"""What the tests of reports share."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker, Settings

from rnd.cycles.actions import project_tickets
from rnd.cycles.facts.spans import refresh_spans
from tests.cycles.digests import MailServer
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


@pytest.fixture
def smtp(settings: Settings) -> Iterator[MailServer]:
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_URL = "smtp://127.0.0.1"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address[:2]
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.PUBLIC_URL = "https://fieldloop.example"
        yield server
        server.over.set()
        server.shutdown()

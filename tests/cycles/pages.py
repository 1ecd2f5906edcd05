"""What tests of the pages of reports share: loops to report, a page as its reader has it, and what a chart draws."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from django.test import Client

from frontline_feedback.models import Ticket
from rnd.cycles.actions import project_tickets
from tests.cast import Cast
from tests.cycles.world import random_loops


def loops(cast: Cast, count: int) -> list[Ticket]:
    """Make random loops, the same ones every time, with their facts."""
    tickets = random_loops(cast, seed=11, count=count)
    project_tickets(ticket_ids=[ticket.pk for ticket in tickets])
    return tickets


def page(client: Client, address: str, **query: str) -> str:
    """Give the page at an address as text, with its entities read."""
    response = client.get(address, query)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def chart(text: str, name: str) -> Any:
    """Give what a chart of the page draws."""
    found = re.search(rf'<script id="chart-{name}" type="application/json">(.*?)</script>', text)
    assert found is not None
    return json.loads(found[1])

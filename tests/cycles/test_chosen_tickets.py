"""When chosen tickets are confirmed: asked on the page, from lists, from a ticket and through the API."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from foundation.accounts.actors import SYSTEM
from foundation.kit import clock
from frontline_feedback.models import Ticket
from rnd.cycles.actions import project_tickets
from rnd.cycles.analysis.lives import lives
from rnd.cycles.facts.columnar.loops import refresh_loops
from rnd.cycles.filters import Filters
from rnd.cycles.models import Loop
from rnd.cycles.statistics.remaining import RUNNING
from tests.cast import Cast
from tests.cycles.pages import page
from tests.cycles.world import quick_loop

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
DAY_US = 86_400_000_000
ADDRESS = "/api/v1/cycles/reports/forecast/"


@pytest.fixture
def open_ones(cast: Cast) -> list[Ticket]:
    """Sixty finished loops of two to thirty days, one each second day, and three open ones of 1, 5 and 40 days."""
    for number in range(60):
        length = 2 + number * 7 % 29
        seen = NOW - (60 - number) * 2 * DAY - length * DAY
        quick_loop(cast, seen=seen, lengths=[length * DAY_US // 9] * 9, severity="S2")
    found = [
        quick_loop(cast, seen=NOW - days * DAY, lengths=[DAY_US // 24] * 9, end="open", severity="S2")
        for days in (1, 5, 40)
    ]
    project_tickets(ticket_ids=list(Ticket.objects.values_list("pk", flat=True)))
    return found


def forecast(cast: Cast, **query: Any) -> dict[str, Any]:
    with clock.at(NOW):
        answer = cast.api_client_of("solveig").get(f"{ADDRESS}?{urlencode(query)}")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return {section["name"]: section for section in found["sections"]}


def test_chosen_tickets_come_first_and_each_says_what_it_adds(cast: Cast, open_ones: list[Ticket]) -> None:
    one, other, _oldest = open_ones
    found = forecast(cast, tickets=f"{other.key.lower()}, {one.key}")
    assert list(found) == ["chosen", "each", "when", "how_many", "what_if"]
    assert found["chosen"]["title"] == f"When are {other.key}, {one.key} in the field and confirmed?"
    even, promised, sure = (row["values"][2] for row in found["chosen"]["table"]["rows"])
    assert 0 < even < promised <= sure
    assert [row["values"][:1] + row["values"][3:4] for row in found["each"]["table"]["rows"]] == [
        [other.pk, 4],
        [one.pk, 0],
    ]
    alone = forecast(cast, tickets=one.key)
    assert alone["chosen"]["title"] == f"When is {one.key} in the field and confirmed?"
    assert alone["chosen"]["table"]["rows"][0]["values"][2] <= even


def test_of_what_is_older_than_all_that_finished_nobody_can_say(cast: Cast, open_ones: list[Ticket]) -> None:
    found = forecast(cast, tickets=open_ones[2].key)
    assert [note["text"] for note in found["chosen"]["notes"] if note["tone"] == "warn"] == [
        f"Of {open_ones[2].key} nobody can say, and so of all: fewer than ten finished loops took longer than it has."
    ]
    assert {tuple(row["values"][place] for place in (1, 4)) for row in found["chosen"]["table"]["rows"]} == {(None, "")}
    assert "each" not in found


def test_what_is_done_by_then_is_left_out_and_named(cast: Cast, open_ones: list[Ticket]) -> None:
    done = Loop.objects.finished().order_by("pk")[0].ticket.key
    found = forecast(cast, tickets=f"{open_ones[0].key},{done}")["chosen"]
    assert found["title"] == f"When is {open_ones[0].key} in the field and confirmed?"
    assert f"{done} is not open any more, and is left out." in [note["text"] for note in found["notes"]]
    alone = forecast(cast, tickets=done)["chosen"]
    assert (alone["title"], alone["table"], alone["figures"]) == (
        "None of the chosen tickets is open any more", None, [],
    )  # fmt: skip
    past = page(cast.client_of("solveig"), "/reports/backtest/", tickets=done)
    assert "such ticket" not in past


def test_all_are_never_done_sooner_than_one(cast: Cast, open_ones: list[Ticket]) -> None:
    one, other = (forecast(cast, tickets=ticket.key)["chosen"]["table"]["rows"] for ticket in open_ones[:2])
    both = forecast(cast, tickets=",".join(ticket.key for ticket in open_ones[:2]))["chosen"]["table"]["rows"]
    for row, *parts in zip(both, one, other, strict=True):
        assert row["values"][2] >= max(part["values"][2] for part in parts)


def test_the_back_test_shows_their_past(cast: Cast, open_ones: list[Ticket]) -> None:
    with clock.at(NOW):
        client = cast.client_of("solveig")
        text = page(client, "/reports/forecast/", tickets=open_ones[1].key)
        way = re.search(r'href="(/reports/backtest/\?[^"#]*tickets=[^"#]*)#chosen"', text)
        assert way is not None
        past = page(client, way[1].replace("%2C", ","))
    assert "Past forecasts of 1 such ticket, made with 85" in past
    assert 'data-chart="chart-chosen"' in past


@pytest.mark.parametrize(
    ("tickets", "said"),
    [
        ("FB-99999999", "“FB-99999999” is no ticket that you may see. A key looks like FB-12."),
        ("yesterday", "“yesterday” is no ticket that you may see. A key looks like FB-12."),
        (", ".join(f"FB-{n}" for n in range(1, 22)), "These are 21 tickets. Name 20 at most."),
    ],
)
def test_what_cannot_be_foretold_is_named(cast: Cast, open_ones: list[Ticket], tickets: str, said: str) -> None:
    done = Loop.objects.finished().order_by("pk")[0].ticket.key
    response = cast.client_of("solveig").get("/reports/forecast/", {"tickets": tickets.format(done=done)})
    assert response.status_code == 422
    text = response.content.decode()
    assert said.format(done=done) in text
    refused = cast.api_client_of("solveig").get(
        "/api/v1/cycles/reports/forecast/", {"tickets": tickets.format(done=done)}
    )
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "tickets")


def test_another_teams_ticket_is_no_ticket(cast: Cast, open_ones: list[Ticket]) -> None:
    client: Client = cast.client_of("stepan")
    refused = client.get("/reports/forecast/", {"tickets": open_ones[0].key})
    assert f"“{open_ones[0].key}” is no ticket that you may see" in refused.content.decode()


def test_lists_and_tickets_lead_there(cast: Cast, open_ones: list[Ticket]) -> None:
    client = cast.client_of("solveig")
    text = page(client, "/reports/tickets/", show="open", programme="sokil")
    assert text.count('form="foretell" name="tickets"') == 3
    assert 'form="foretell"' not in page(client, "/reports/tickets/")
    nothing = client.get("/reports/forecast/?programme=sokil&ticked=yes")
    assert nothing.status_code == 422
    assert "Nothing is ticked. Tick open tickets in the list, or name them here." in nothing.content.decode()
    query = "ticked=yes&" + "&".join(f"tickets={one.key}" for one in open_ones[:2])
    with clock.at(NOW):
        asked = client.get(f"/reports/forecast/?programme=sokil&{query}").content.decode()
    assert f"When are {open_ones[1].key}, {open_ones[0].key} in the field and confirmed?" in asked
    assert (
        f'href="/reports/forecast/?tickets={open_ones[0].key}"' in client.get(f"/{open_ones[0].key}").content.decode()
    )
    done = Loop.objects.finished().order_by("pk")[0].ticket
    assert "/reports/forecast/" not in client.get(f"/{done.key}").content.decode().split('id="main"')[1]


def test_columns_and_rows_tell_the_same_lives(cast: Cast, open_ones: list[Ticket]) -> None:
    filters, until = Filters(programme="sokil", zone=ZoneInfo(cast.programme.time_zone)), NOW.date() - 3 * DAY
    by_row = lives(cast.actor("olena"), filters, until=until)  # all are her team's
    assert lives(SYSTEM, filters, until=until) == by_row
    refresh_loops()
    assert lives(SYSTEM, filters, until=until) == by_row
    running = sum(n for ended in by_row.groups.values() for day, (n, _first) in ended.items() if day == RUNNING)
    assert 1 < running < Loop.objects.counted().count() - len(open_ones)

"""`/reports/tickets/`: the tickets behind a figure, in their order, as many as they are and no others."""

from __future__ import annotations

import re

import pytest

from frontline_feedback.models import Ticket
from rnd.cycles import listing, views
from rnd.cycles.actions import project_tickets
from rnd.cycles.models import Loop
from tests.cast import Cast
from tests.cycles.pages import loops, page
from tests.cycles.world import hours, quick_loop

HOUR = 3_600_000_000


@pytest.mark.django_db
def test_a_reporter_reads_the_loops_of_the_own_team_only(cast: Cast) -> None:
    north = quick_loop(cast, seen=hours(0), lengths=[HOUR] * 9, severity="S2")
    east = quick_loop(cast, seen=hours(0), lengths=[HOUR] * 9, who="stepan")
    project_tickets(ticket_ids=[north.pk, east.pk])
    text = page(cast.client_of("olena"), "/reports/tickets/")
    assert f"/{north.key}" in text
    assert f"/{east.key}" not in text
    assert "n = 1 (finished loops)" in page(cast.client_of("olena"), "/reports/")
    assert "n = 2 (finished loops)" in page(cast.client_of("solveig"), "/reports/")


@pytest.mark.django_db
def test_a_percentile_leads_to_its_own_ticket_first(cast: Cast) -> None:
    loops(cast, 30)
    client = cast.client_of("solveig")
    text = page(client, "/reports/")
    median = sorted(Loop.objects.finished().values_list("total_us", "ticket_id"))
    rank = -(-len(median) // 2)
    link = re.search(r'href="(/reports/tickets/\?[^"]*at_least=(\d+)[^"]*)"', text)
    assert link is not None
    assert int(link[2]) == median[rank - 1][0]
    listed = re.findall(r'<a class="[^"]*key[^"]*" href="/(FB-\d+)"', page(client, link[1]))
    assert listed[0] == Ticket.objects.get(pk=next(t for us, t in median if us == int(link[2]))).key


@pytest.mark.django_db
def test_a_list_says_how_long_it_is_and_where_it_ends(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    loops(cast, 80)
    n = Loop.objects.finished().count()
    assert n > 50
    client = cast.client_of("solveig")
    text = page(client, "/reports/tickets/", programme="sokil")
    assert f">{n} tickets</p>" in text
    text = page(client, "/reports/tickets/", programme="sokil", page="9")
    assert "The list ends before this page" in text
    assert 'href="?programme=sokil"' in text
    monkeypatch.setattr(listing, "COUNTED", 52)
    monkeypatch.setattr(views, "COUNTED", 52)
    assert ">More than 52 tickets</p>" in page(client, "/reports/tickets/")

"""`/reports/` and `/reports/tickets/`: what they show, lead to, refuse and cost."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from foundation.kit import wording
from frontline_feedback.models import Ticket
from rnd.cycles.actions import project_tickets
from rnd.cycles.filters import Filters
from rnd.cycles.presenting import present
from rnd.cycles.reports import summary
from rnd.cycles.stages import Stage
from tests.cast import Cast
from tests.cycles.slow_report import slow_report
from tests.cycles.world import hours, quick_loop, random_loops, whole_loop

HOUR = 3_600_000_000


def loops(cast: Cast, count: int) -> list[Ticket]:
    tickets = random_loops(cast, seed=11, count=count)
    project_tickets(ticket_ids=[ticket.pk for ticket in tickets])
    return tickets


def page(client: Client, address: str, **query: str) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def chart(text: str, name: str) -> Any:
    found = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', text)
    assert found is not None
    return json.loads(found[1])


@pytest.mark.django_db
def test_the_page_shows_the_figures_of_slow_code(cast: Cast) -> None:
    tickets = loops(cast, 30)
    text, slow = page(cast.client_of("solveig"), "/reports/"), slow_report(tickets)
    for percent in (50, 85, 95):
        assert wording.duration(slow.percentile(percent)) in text
    assert f"{len(slow.finished)} finished loops" in text
    assert f"{slow.still_open} tickets are still open" in text or slow.still_open < 2
    for reason, n in (("Merged into another ticket", "merged"), ("Rejected", "rejected")):
        assert f"{reason} ({slow.left_out[n]})" in text
    assert "by definition 1 of the cycle clock" in text
    assert "As of" in text
    assert "Europe/Kyiv" in text


@pytest.mark.django_db
def test_the_charts_hold_the_figures_of_their_tables(cast: Cast) -> None:
    loops(cast, 20)
    text = page(cast.client_of("solveig"), "/reports/", by="week")
    shown = present(summary(cast.actor("solveig"), Filters(by="week")))
    drawn = chart(text, "chart-by-component")
    assert [series["colour"] for series in drawn["series"]] == [f"stage-{stage}" for stage in Stage]
    for position, row in enumerate(shown.components):
        values = [series["values"][position] for series in drawn["series"]]
        assert values == [float(mean or 0) for mean in row.means]
        assert sum(values) == pytest.approx(float(row.mean or 0))
    assert len(chart(text, "chart-by-period")["labels"]) >= len([row for row in shown.periods if row.n])


@pytest.mark.django_db
def test_every_link_of_the_report_leads_to_a_page(cast: Cast) -> None:
    loops(cast, 20)
    client = cast.client_of("solveig")
    text = page(client, "/reports/", severity="S2")
    links = set(re.findall(r'href="(/reports/tickets/[^"]*)"', text))
    assert len(links) > 10
    for link in links:
        assert "severity=S2" in link
        assert client.get(link).status_code == 200, link


@pytest.mark.django_db
def test_a_reporter_reads_the_loops_of_the_own_team_only(cast: Cast) -> None:
    north = quick_loop(cast, seen=hours(0), lengths=[HOUR] * 9)
    east = quick_loop(cast, seen=hours(0), lengths=[HOUR] * 9, who="stepan")
    project_tickets(ticket_ids=[north.pk, east.pk])
    text = page(cast.client_of("olena"), "/reports/tickets/")
    assert f"/{north.key}" in text
    assert f"/{east.key}" not in text
    assert "1 finished loop" in page(cast.client_of("olena"), "/reports/")
    assert "2 finished loops" in page(cast.client_of("solveig"), "/reports/")


@pytest.mark.django_db
def test_without_a_finished_loop_the_page_says_what_makes_one(cast: Cast) -> None:
    ticket = whole_loop(cast, verdict=None)
    project_tickets(ticket_ids=[ticket.pk])
    text = page(cast.client_of("solveig"), "/reports/")
    assert "No finished loop yet" in text
    assert "1 ticket is still open" in text
    assert ticket.title in page(cast.client_of("solveig"), "/reports/tickets/", show="open")


@pytest.mark.django_db
def test_below_ten_loops_the_page_says_that_percentiles_are_hidden(cast: Cast) -> None:
    project_tickets(ticket_ids=[quick_loop(cast, seen=hours(0), lengths=[HOUR] * 9).pk])
    text = page(cast.client_of("solveig"), "/reports/")
    assert "Fewer than ten loops" in text
    assert "hidden: too few loops" in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        {"component": "no-such-thing"},
        {"component": "wing-control"},  # another programme's
        {"severity": "S9"},
        {"since": "yesterday"},
        {"since": "2026-05-02", "until": "2026-05-01"},
        {"by": "century"},
    ],
)
def test_a_filter_that_means_nothing_is_named_and_draws_nothing(cast: Cast, query: dict[str, str]) -> None:
    for address in ("/reports/", "/reports/tickets/"):
        response = cast.client_of("solveig").get(address, query)
        assert response.status_code == 422
        text = response.content.decode()
        assert f'href="#id_{list(query)[-1]}"' in text
        assert "chart-by-component" not in text


@pytest.mark.django_db
def test_partners_have_no_reports_and_visitors_sign_in(cast: Cast, client: Client) -> None:
    assert cast.client_of("liv").get("/reports/").status_code == 403
    assert client.get("/reports/").status_code == 302


@pytest.mark.django_db
def test_the_report_costs_as_many_queries_however_much_it_covers(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    loops(cast, 15)
    client = cast.client_of("solveig")
    page(client, "/reports/")
    with django_assert_max_num_queries(14):
        page(client, "/reports/")
    with django_assert_max_num_queries(12):
        page(client, "/reports/tickets/")

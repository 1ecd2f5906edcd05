"""`/reports/…`: what the pages show, lead to and cost, and who has none."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from foundation.kit import wording
from frontline_feedback.models import Ticket
from rnd.cycles.actions import project_tickets
from rnd.cycles.clock.stages import Stage
from rnd.cycles.pages import PAGES, page_url
from tests.cast import Cast
from tests.cycles.pages import chart, loops, page
from tests.cycles.slow_report import slow_report
from tests.cycles.world import hours, quick_loop, whole_loop

HOUR = 3_600_000_000


@pytest.mark.django_db
def test_the_headline_shows_the_figures_of_slow_code(cast: Cast) -> None:
    tickets = loops(cast, 30)
    text, slow = page(cast.client_of("solveig"), "/reports/"), slow_report(tickets)
    for percent in (50, 85, 95):
        assert wording.duration(slow.percentile(percent)) in text
    assert f"n = {len(slow.finished)}" in text
    for reason, n in (("Merged into another ticket", "merged"), ("Rejected", "rejected")):
        assert f"Left out: {reason} ({slow.left_out[n]})" in text
    assert "definition 1 of the cycle clock" in text
    assert "As of" in text
    assert "Europe/Kyiv" in text


@pytest.mark.django_db
@pytest.mark.parametrize("report", PAGES)
def test_every_report_opens_with_loops_and_without(cast: Cast, report: str) -> None:
    client = cast.client_of("solveig")
    assert "As of" in page(client, page_url(report), programme=cast.programme.slug)
    tickets = [*loops(cast, 15), whole_loop(cast)]
    project_tickets(ticket_ids=[ticket.pk for ticket in tickets])
    text = page(client, page_url(report), programme=cast.programme.slug)
    assert f'data-report="{report}"' in text
    main = text.split('id="main"')[1]
    links = sorted(set(re.findall(r'href="(/(?:reports|releases)/[^"#]*)', main)))
    for link in links[:: max(1, len(links) // 6)]:
        assert client.get(link, follow=True).status_code == 200, link


@pytest.mark.django_db
def test_where_months_are_hidden_percentiles_are_by_quarter(cast: Cast) -> None:
    # Four loops a month, all of a year, and none of the months is shown.
    for month in range(1, 13):
        for day in (3, 9, 15, 21):
            quick_loop(cast, seen=datetime(2026, month, day, tzinfo=UTC), lengths=[HOUR] * 9, severity="S2")
    project_tickets(ticket_ids=list(Ticket.objects.values_list("pk", flat=True)))
    client = cast.client_of("solveig")
    text = page(client, "/reports/", severity="S2")
    drawn = chart(text, "trend")
    assert drawn["labels"] == ["Q1 2026", "Q2 2026", "Q3 2026", "Q4 2026"]
    assert all(all(series["values"]) for series in drawn["series"])
    said = "By quarter: most months have fewer than ten finished loops. See them by month."
    link = re.search(rf'href="([^"]*)"[^>]*>{said}', text)
    assert link is not None
    assert link[1] == "/reports/?severity=S2&by=month"
    # What was asked for is shown, with a way back.
    text = page(client, "/reports/", severity="S2", by="month")
    assert 'id="chart-trend"' not in text
    link = re.search(r'href="([^"]*)"[^>]*>Most months have fewer than ten finished loops: see them by quarter.', text)
    assert link is not None
    assert link[1] == "/reports/?severity=S2&by=quarter"
    assert "See them by month" not in page(client, "/reports/", severity="S2", by="quarter")
    # By week there are months to go to, but none of them would show anything.
    assert "see them by" not in page(client, "/reports/", by="week")


@pytest.mark.django_db
def test_the_stage_charts_hold_the_means_of_their_tables(cast: Cast) -> None:
    loops(cast, 20)
    text = page(cast.client_of("solveig"), "/reports/stages/", by="week")
    drawn = chart(text, "components")
    assert [series["colour"] for series in drawn["series"]] == [f"stage-{stage}" for stage in Stage]
    assert all(len(series["values"]) == len(drawn["labels"]) for series in drawn["series"])
    assert all(link.startswith("/reports/tickets/?") for link in drawn["links"] if link)


@pytest.mark.django_db
def test_bars_of_stages_have_the_colours_of_their_stages(cast: Cast) -> None:
    loops(cast, 20)
    [held] = chart(page(cast.client_of("solveig"), "/reports/fixes/"), "bottleneck")["series"]
    assert sorted(held["colours"]) == sorted(f"stage-{stage}" for stage in Stage)


@pytest.mark.django_db
def test_below_ten_loops_the_page_says_that_percentiles_are_hidden(cast: Cast) -> None:
    project_tickets(ticket_ids=[quick_loop(cast, seen=hours(0), lengths=[HOUR] * 9).pk])
    text = page(cast.client_of("solveig"), "/reports/")
    assert "Fewer than ten loops" in text
    assert "hidden: too few loops" in text


@pytest.mark.django_db
def test_partners_have_no_reports_and_visitors_sign_in(cast: Cast, client: Client) -> None:
    for address in ("/reports/", "/reports/stages/"):
        refused = cast.client_of("liv").get(address)
        assert refused.status_code == 403
        assert "may not read reports here" in refused.content.decode()
        assert "report.see" not in refused.content.decode()
        assert client.get(address).status_code == 302


# What each page costs at most, with a programme chosen; it does not grow with the loops.
COST = {
    "glance": 70, "stages": 60, "times": 40, "flow": 30, "ageing": 50, "fixes": 50, "engineering": 30,
    "releases": 60, "forecast": 45, "backtest": 40, "quality": 30,
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("report", PAGES)
def test_a_report_costs_as_many_queries_however_much_it_covers(
    cast: Cast, report: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    loops(cast, 15)
    client = cast.client_of("solveig")
    page(client, page_url(report), programme=cast.programme.slug)
    with django_assert_max_num_queries(COST[report]):
        page(client, page_url(report), programme=cast.programme.slug)

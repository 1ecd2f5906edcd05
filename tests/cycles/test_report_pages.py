"""`/reports/…`: what the pages show, lead to, refuse and cost."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from foundation.kit import wording
from frontline_feedback.models import Ticket
from rnd.cycles import listing, views
from rnd.cycles.actions import project_tickets, set_baseline
from rnd.cycles.clock.stages import Stage
from rnd.cycles.models import Loop
from rnd.cycles.pages import PAGES, page_url
from tests.cast import Cast
from tests.cycles.slow_report import slow_report
from tests.cycles.world import DAY0, hours, quick_loop, random_loops, whole_loop

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
    found = re.search(rf'<script id="chart-{name}" type="application/json">(.*?)</script>', text)
    assert found is not None
    return json.loads(found[1])


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
    client = cast.client_of("solveig")
    [held] = chart(page(client, "/reports/fixes/"), "bottleneck")["series"]
    assert sorted(held["colours"]) == sorted(f"stage-{stage}" for stage in Stage)
    [waiting] = chart(page(client, "/reports/ageing/"), "stages")["series"]
    assert waiting["colours"] == [f"stage-{stage}" for stage in Stage]


@pytest.mark.django_db
def test_links_keep_the_filters(cast: Cast) -> None:
    loops(cast, 20)
    text = page(cast.client_of("solveig"), "/reports/stages/", severity="S2")
    links = set(re.findall(r'href="(/reports/tickets/[^"]*)"', text))
    assert len(links) > 10
    assert all("severity=S2" in link for link in links)


@pytest.mark.django_db
def test_two_groups_stand_side_by_side_on_one_scale(cast: Cast) -> None:
    loops(cast, 40)
    client = cast.client_of("solveig")
    query = {"severity": "S1", "against": "other", "vs-severity": "S2"}
    text = page(client, "/reports/stages/", **query)
    assert 'id="components-beside"' in text
    one, other = chart(text, "components"), chart(text, "components-beside")
    if one["unit"] == other["unit"]:
        assert one["most"] == other["most"]
    alone = page(client, "/reports/stages/", severity="S2")
    assert chart(alone, "components")["series"] == other["series"]


@pytest.mark.django_db
def test_a_report_is_set_beside_the_baseline(cast: Cast) -> None:
    loops(cast, 20)
    client, slug = cast.client_of("solveig"), cast.programme.slug
    refused = client.get("/reports/", {"programme": slug, "against": "baseline"})
    assert refused.status_code == 422
    set_baseline(actor=cast.actor("solveig"), programme=cast.programme, first=DAY0.date(), last=DAY0.date())
    text = page(client, "/reports/", programme=slug, against="baseline")
    assert 'id="headline-beside"' in text
    assert "Compression" in text


@pytest.mark.django_db
def test_the_period_before_is_as_long_and_ends_the_day_before(cast: Cast) -> None:
    from rnd.cycles.forms import ReportForm

    query = {"since": "2026-03-01", "until": "2026-03-31", "against": "previous"}
    form = ReportForm(query, actor=cast.actor("solveig"))
    assert form.is_valid()
    other = form.against_filters()
    assert other is not None
    assert (str(other.since), str(other.until)) == ("2026-01-29", "2026-02-28")
    form = ReportForm({**query, "since": "2024-02-29", "against": "year"}, actor=cast.actor("solveig"))
    assert form.is_valid()
    other = form.against_filters()
    assert other is not None
    assert (str(other.since), str(other.until)) == ("2023-02-28", "2025-03-31")


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
        {"until": "9999-12-31"},
        {"since": "0001-01-01"},
        {"passes": "0"},
        {"since": "2026-05-02", "until": "2026-05-01"},
        {"by": "century"},
    ],
)
def test_a_filter_that_means_nothing_is_named_and_draws_nothing(cast: Cast, query: dict[str, str]) -> None:
    for address in ("/reports/", "/reports/flow/", "/reports/tickets/"):
        response = cast.client_of("solveig").get(address, query)
        assert response.status_code == 422
        text = response.content.decode()
        name, value = list(query.items())[-1]
        assert f'href="#id_{name}"' in text
        assert "<canvas" not in text
        listed = f"“{value}” is not one of the choices. Take one from the list."
        said = {
            "passes": "“0” is not a count of passes. Write a whole number from 1 to 1000.",
            "since": "“yesterday” is not a day. Write it as 2026-03-15.",
        }
        if value[:2] in {"00", "99"}:
            assert f"{value} is out of the calendar. Choose a day from 1900 to 2999." in text
        elif "until" not in query:
            assert said.get(name, listed) in text


@pytest.mark.django_db
@pytest.mark.parametrize("against", ["", "previous", "year"])
@pytest.mark.parametrize("report", PAGES)
def test_the_ends_of_the_calendar_can_be_asked_for(cast: Cast, report: str, against: str) -> None:
    loops(cast, 5)
    query = {"since": "1900-01-01", "until": "2999-12-31", "against": against, "programme": "sokil"}
    assert cast.client_of("solveig").get(page_url(report), query).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("report", ["ageing", "engineering", "forecast", "backtest", "quality"])
def test_a_page_says_what_of_it_the_period_does_not_narrow(cast: Cast, report: str) -> None:
    client, said = cast.client_of("solveig"), str(PAGES[report].ever)
    assert said not in page(client, page_url(report))
    assert said in page(client, page_url(report), since="2026-01-01")
    assert said in client.get(f"/reports/files/{report}.csv?until=2026-01-01").content.decode()


@pytest.mark.django_db
def test_a_filter_that_a_comparison_needs_takes_it_along(cast: Cast) -> None:
    loops(cast, 12)
    client, query = cast.client_of("solveig"), {"since": "2026-01-01", "until": "2026-12-31", "against": "previous"}
    text = page(client, "/reports/", **query, severity="S2")
    chips = dict(re.findall(r'<a class="filter-chip" href="([^"]*)">([^<:]*)', text))
    assert {said.strip(): link for link, said in chips.items()} == {
        "Severity": "/reports/?since=2026-01-01&until=2026-12-31&against=previous",
        "Finished from": "/reports/?until=2026-12-31&severity=S2",
        "to": "/reports/?since=2026-01-01&against=previous&severity=S2",
        "Set nothing beside it": "/reports/?since=2026-01-01&until=2026-12-31&severity=S2",
    }
    for link in chips:
        assert client.get(link).status_code == 200


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


@pytest.mark.django_db
def test_partners_have_no_reports_and_visitors_sign_in(cast: Cast, client: Client) -> None:
    for address in ("/reports/", "/reports/stages/"):
        assert cast.client_of("liv").get(address).status_code == 403
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

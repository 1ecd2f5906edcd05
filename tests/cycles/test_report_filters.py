"""The filters of `/reports/…` and what is set beside a report: kept by links, named where they mean nothing."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from foundation.kit import wording
from frontline_feedback.models import Ticket
from rnd.cycles.actions import project_tickets, set_baseline
from rnd.cycles.pages import PAGES, page_url
from tests.cast import Cast
from tests.cycles.pages import chart, loops, page
from tests.cycles.world import DAY0, quick_loop

HOUR_US = 3_600_000_000


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
def test_two_sides_have_periods_of_one_length(cast: Cast) -> None:
    # Alone, the one would be by quarter and the other by month.
    for month in range(1, 13):
        for day in (3, 9, 15, 21):
            quick_loop(cast, seen=datetime(2026, month, day, tzinfo=UTC), lengths=[HOUR_US] * 9, severity="S2")
        quick_loop(cast, seen=datetime(2026, month, 5, tzinfo=UTC), lengths=[HOUR_US] * 9, severity="S3")
    project_tickets(ticket_ids=list(Ticket.objects.values_list("pk", flat=True)))
    client, query = cast.client_of("solveig"), {"against": "other", "vs-severity": "S3"}
    assert "Percentiles by quarter" in page(client, "/reports/", severity="S2")
    both = page(client, "/reports/", severity="S2", **query)
    assert both.count("Percentiles by month") >= 2
    assert "Percentiles by quarter" not in both
    assert page(client, "/reports/", severity="S2", by="quarter", **query).count("Percentiles by quarter") >= 2


@pytest.mark.django_db
def test_another_group_of_which_nothing_is_chosen_says_what_to_choose(cast: Cast) -> None:
    loops(cast, 20)
    client, said = cast.client_of("solveig"), "Nothing is chosen for this side yet, so both sides show the same."
    for report in PAGES:
        text = page(client, page_url(report), against="other", severity="S2", **{"vs-severity": "S2"})
        assert text.count(said) == 1
        first, beside = text.split('class="card report-section"')[1:3]
        assert "data-beside" not in first
        assert said not in first
        assert said in beside
        assert '<details class="asking" open>' in text
        assert "Choose what differs" in text
    for query in ({"against": "other", "vs-severity": "S3"}, {"against": ""}, {}):
        text = page(client, "/reports/stages/", severity="S2", **query)
        assert said not in text
        assert '<details class="asking" open>' not in text


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
            day = wording.day(date.fromisoformat(value))
            assert f"{day} is out of the calendar. Choose a day from 1900 to 2999." in text
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

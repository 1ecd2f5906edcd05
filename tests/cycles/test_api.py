"""`/api/v1/cycles/`: the very figures of the pages."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from rnd.cycles.actions import project_tickets
from rnd.cycles.clock.stages import Stage
from rnd.cycles.filters import Filters
from rnd.cycles.reports import summary
from tests.cast import Cast
from tests.cycles.world import hours, quick_loop, random_loops, whole_loop

HOUR = 3_600_000_000


def get(client: Client, address: str, status: int = 200, **query: str) -> Any:
    response = client.get(f"/api/v1/cycles/{address}", query)
    assert response.status_code == status, response.content
    return response.json()


@pytest.mark.django_db
def test_the_summary_is_the_pages(cast: Cast) -> None:
    project_tickets(ticket_ids=[ticket.pk for ticket in random_loops(cast, seed=5, count=25)])
    found, page = get(cast.api_client_of("solveig"), "summary/"), summary(cast.actor("solveig"), Filters())
    assert found["n"] == page.n
    assert [p["value_us"] for p in found["percentiles"]] == [place.percentile.value for place in page.places]
    assert found["loop"]["mean_us"] == page.sums.mean_total() == sum(found["loop"]["stage_means_us"].values())
    assert found["loop"]["stage_sums_us"] == {str(stage): page.sums.stages[stage] for stage in Stage}
    assert [part["n"] for part in found["components"]] == [part.sums.n for part in page.components]
    assert (found["still_open"], found["left_out"]) == (page.still_open, page.left_out)
    assert found["filters"] == {"by": "month", "zone": "Europe/Kyiv"}
    assert found["definition"] == 1


@pytest.mark.django_db
def test_the_loop_of_a_ticket_comes_with_its_segments(cast: Cast) -> None:
    ticket = whole_loop(cast)
    project_tickets(ticket_ids=[ticket.pk])
    found = get(cast.api_client_of("magnus"), f"loops/{ticket.key.lower()}/")
    assert (found["ticket"], found["total_us"], found["verify_us"]) == (ticket.key, 45 * HOUR, 9 * HOUR)
    assert [segment["stage"] for segment in found["segments"]] == [str(stage) for stage in Stage]


@pytest.mark.django_db
def test_the_list_goes_on_by_cursor_and_filters_as_the_page_does(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    tickets = [quick_loop(cast, seen=hours(number), lengths=[HOUR] * 9) for number in range(3)]
    tickets.append(quick_loop(cast, seen=hours(9), lengths=[HOUR] * 2, end="rejected"))
    project_tickets(ticket_ids=[ticket.pk for ticket in tickets])
    client = cast.api_client_of("magnus")
    first = get(client, "loops/", page_size="2")
    assert [loop["ticket"] for loop in first["results"]] == [tickets[2].key, tickets[1].key]
    second = client.get(first["next"]).json()
    assert [loop["ticket"] for loop in second["results"]] == [tickets[0].key]
    assert [loop["ticket"] for loop in get(client, "loops/", show="left_out")["results"]] == [tickets[3].key]
    assert get(client, "loops/", component="radio")["results"] == []
    with django_assert_max_num_queries(8):
        get(client, "loops/")


@pytest.mark.django_db
def test_what_means_nothing_is_refused_with_its_field(cast: Cast) -> None:
    client = cast.api_client_of("magnus")
    for address, query in (
        ("summary/", {"component": "no-such-thing"}),
        ("summary/", {"since": "2026-13-01"}),
        ("summary/", {"colour": "red"}),
        ("loops/", {"at_least": "much"}),
        ("loops/", {"stage": "nowhere"}),
    ):
        problem = get(client, address, 422, **query)
        assert problem["code"] in ("report.filter_invalid", "query.unknown")
        assert problem["errors"][0]["field"] == next(iter(query))


@pytest.mark.django_db
def test_an_empty_filter_is_none_as_on_the_page(cast: Cast) -> None:
    project_tickets(ticket_ids=[ticket.pk for ticket in random_loops(cast, seed=5, count=12)])
    client = cast.api_client_of("solveig")
    form = "programme=sokil&component=&platform=&team=&severity=&hardware=&release=&passes=&since=&until=&by="
    page = cast.client_of("solveig").get(f"/reports/times/?{form}&against=&vs-programme=").content.decode()
    link = re.search(r'href="(/api/v1/cycles/reports/times/[^"]*)"', page)
    assert link is not None
    found = cast.client_of("solveig").get(html.unescape(link[1]), headers={"accept": "application/json"}).json()
    told = get(client, "reports/times/", programme="sokil")
    assert (found["n"], found["filters"], found["sections"]) == (told["n"], told["filters"], told["sections"])
    assert get(client, "loops/", stage="", severity="", at_least="") == get(client, "loops/")


@pytest.mark.django_db
def test_a_filter_is_given_once(cast: Cast) -> None:
    client = cast.api_client_of("solveig")
    refused = client.get("/api/v1/cycles/loops/?severity=S1&severity=S2")
    assert (refused.status_code, refused.json()["code"]) == (422, "query.one_value")
    assert "it was given 2" in refused.json()["detail"]
    assert client.get("/api/v1/cycles/loops/?severity=S1&severity=").status_code == 200


@pytest.mark.django_db
def test_another_teams_loop_is_not_there(cast: Cast) -> None:
    ticket = quick_loop(cast, seen=hours(0), lengths=[HOUR] * 9, who="stepan")
    project_tickets(ticket_ids=[ticket.pk])
    assert get(cast.api_client_of("olena"), f"loops/{ticket.key}/", 404)["code"] == "loop.not_found"
    assert get(cast.api_client_of("stepan"), f"loops/{ticket.key}/")["ticket"] == ticket.key
    refused = get(cast.api_client_of("liv"), "summary/", 403)
    assert (refused["code"], refused["right"]) == ("accounts.right_missing", "report.see")
    assert "may not read reports here" in refused["detail"]
    assert get(cast.api_client_of("magnus", scopes=["feedback:read"]), "summary/", 403)["code"] == (
        "accounts.scope_missing"
    )


@pytest.mark.django_db
def test_a_token_that_reaches_no_tasks_is_refused_their_report(cast: Cast) -> None:
    client = cast.api_client_of("solveig", scopes=["cycles:read"])
    for query in ({}, {"rows": "all"}):
        refused = client.get("/api/v1/cycles/reports/engineering/", query)
        assert (refused.status_code, refused.headers["Content-Type"]) == (403, "application/problem+json")
        assert refused.json()["code"] == "accounts.scope_missing"
        assert "tasks:read" in refused.json()["detail"]
    get(client, "reports/glance/")
    get(cast.api_client_of("solveig", scopes=["cycles:read", "tasks:read"]), "reports/engineering/")


@pytest.mark.django_db
def test_a_report_comes_with_the_one_that_it_is_set_beside(cast: Cast) -> None:
    project_tickets(ticket_ids=[ticket.pk for ticket in random_loops(cast, seed=5, count=25)])
    client, slug = cast.api_client_of("solveig"), cast.programme.slug
    alone = get(client, "reports/stages/", severity="S2", by="month")
    assert alone["beside"] is None
    both = client.get("/api/v1/cycles/reports/stages/?severity=S1&against=other&vs-severity=S2").json()
    assert both["beside"]["sections"] == alone["sections"]
    assert both["sections"] == get(client, "reports/stages/", severity="S1", by="month")["sections"]
    refused = get(client, "reports/stages/", 422, programme=slug, against="baseline")
    assert refused["errors"][0]["field"] == "programme"
    refused = client.get("/api/v1/cycles/reports/stages/?vs-severity=S9").json()
    assert refused["errors"][0]["field"] == "vs-severity"
    assert get(client, "reports/glance/", 422, rows="0")["errors"][0]["field"] == "rows"

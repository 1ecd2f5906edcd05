"""A figure leads to exactly the tickets that it counts."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.test import Client

from foundation.kit import clock
from rnd.cycles.actions import project_tickets, set_service_level
from rnd.cycles.analysis.ageing import ages
from rnd.cycles.documents import Document, Figure
from rnd.cycles.filters import Filters
from rnd.cycles.models import Loop
from rnd.cycles.pages import PAGES, document
from tests.cast import Cast
from tests.cycles.measured import NOW, World
from tests.cycles.world import DAY0, quick_loop

HOUR = 3_600_000_000
OUTLOOKS = ("missed", "at_risk", "unknown")


def listed(client: Client, address: str) -> list[int]:
    """Give the tickets of a list, page after page; it says how many there are."""
    response = client.get(address)
    assert response.status_code == 200, response.content
    text = html.unescape(response.content.decode())
    said = re.search(r">([\d,]+) tickets?</p>", text)
    found: list[str] = []
    for number in range(1, 4):
        body = client.get(f"{address}&page={number}").content.decode()
        found += re.findall(r'<td class="title"><a href="/FB-(\d+)"', body)
    assert said is not None, address
    assert len(found) == int(said[1].replace(",", ""))
    return [int(pk) for pk in found]


def report(cast: Cast, name: str, slug: str, filters: Filters) -> Document:
    return document(PAGES[slug], cast.actor(name), filters, {}, [])


def figure(made: Document, section: str, key: str) -> Figure:
    found = made.section(section)
    assert found is not None
    return next(one for one in found.figures if one.key == key)


def outlooks(world: World) -> None:
    """Promise so much that tickets of all outlooks are open."""
    cast = world.cast
    for severity, days in (("S1", 1), ("S2", 45), ("S3", 360), ("S4", 60)):
        set_service_level(actor=cast.actor("solveig"), programme=cast.programme, severity=severity, days=days)


@pytest.mark.django_db
@pytest.mark.parametrize("days", [5, 60, 330])
@pytest.mark.parametrize("name", ["solveig", "olena"])
def test_open_tickets_by_outlook(world: World, name: str, days: int) -> None:
    outlooks(world)
    now, actor, client = DAY0 + timedelta(days=days), world.cast.actor(name), world.cast.client_of(name)
    filters = Filters(programme=world.cast.programme.slug)
    with clock.at(now):
        found = ages(actor, filters, tickets=1000, risky=None)
        for outlook in OUTLOOKS:
            those = {one.loop.pk for one in found.tickets if one.outlook == outlook}
            assert len(those) == found.outlooks[outlook]
            address = f"/reports/tickets/?programme=sokil&show=open&outlook={outlook}"
            if those:
                assert set(listed(client, address)) == those
            else:
                assert "No ticket matches" in client.get(address).content.decode()


@pytest.mark.django_db
def test_missed_and_about_to_miss_lead_to_their_tickets(world: World) -> None:
    outlooks(world)
    client, filters = world.cast.client_of("solveig"), Filters(programme="sokil")
    seen = set()
    for days in range(0, 400, 20):
        with clock.at(DAY0 + timedelta(days=days)):
            made = report(world.cast, "solveig", "ageing", filters)
            for key in ("missed", "at_risk"):
                one = figure(made, "at_risk", key)
                assert bool(one.url) == bool(one.value)
                if one.value:
                    seen.add(key)
                    assert len(listed(client, one.url)) == one.value
            for note in made.sections[0].notes:
                if "nobody can say" in note.text:
                    seen.add("unknown")
                    assert f"Of {len(listed(client, note.url))} open ticket" in note.text
    assert seen == set(OUTLOOKS)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["solveig", "olena"])
def test_what_was_in_time_leads_to_its_tickets(world: World, name: str) -> None:
    outlooks(world)
    client = world.cast.client_of(name)
    with clock.at(NOW):
        filters = world.filters(since=DAY0.date(), until=(DAY0 + timedelta(days=200)).date())
        kept = report(world.cast, name, "ageing", filters).section("kept")
        assert kept is not None
        assert kept.table is not None
        hits = dict(zip(kept.table.values("severity"), kept.table.values("hits"), strict=True))
        assert any(hits.values())
        for row, severity in zip(kept.table.rows, hits, strict=True):
            assert ("hits" in row.links) == bool(hits[severity])
            if hits[severity]:
                assert len(listed(client, row.links["hits"])) == hits[severity]


@pytest.mark.django_db
def test_a_list_of_what_was_in_time_says_so(world: World) -> None:
    limit = timedelta(days=20) // timedelta(microseconds=1) + 1
    text = world.cast.client_of("solveig").get(f"/reports/tickets/?under={limit}&severity=S2").content.decode()
    assert 'href="?severity=S2">up to 20 d' in text


def in_order(loops: list[tuple[int, int]]) -> list[int]:
    """Give the tickets from the p80 to the p90 of (length, ticket), by rank; of equal ones the older first."""
    n = len(loops)
    return [pk for _us, pk in sorted(loops)[-(-n * 80 // 100) - 1 : -(-n * 90 // 100)]]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["solveig", "olena"])
def test_a_long_loop_leads_to_the_loops_that_it_is_the_mean_of(world: World, name: str) -> None:
    filters, client = world.filters(), world.cast.client_of(name)
    one = figure(report(world.cast, name, "stages", filters), "split", "band_mean")
    those = in_order(list(Loop.objects.visible_to(world.cast.actor(name)).finished().values_list("total_us", "pk")))
    assert one.n == len(those)
    assert sorted(listed(client, one.url)) == sorted(those)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["solveig", "olena"])
@pytest.mark.parametrize("n", [1, 2, 10, 23])
def test_of_equally_long_loops_the_very_ones_are_listed(world: World, name: str, n: int) -> None:
    late = NOW + timedelta(days=1000)
    tickets = [quick_loop(world.cast, seen=late, lengths=[HOUR] * 9, severity="S2") for _ in range(n)]
    project_tickets(ticket_ids=[ticket.pk for ticket in tickets])
    one = figure(report(world.cast, name, "stages", Filters(since=late.date())), "split", "band_mean")
    those = in_order([(9 * HOUR, ticket.pk) for ticket in tickets])
    assert one.n == len(those)
    assert sorted(listed(world.cast.client_of(name), one.url)) == those


@pytest.mark.django_db
def test_recorded_work_and_work_that_nobody_recorded(world: World) -> None:
    client, filters = world.cast.client_of("solveig"), world.filters(since=DAY0.date(), severity="S2")
    recorded = figure(report(world.cast, "solveig", "stages", filters), "split", "recorded")
    unrecorded = figure(report(world.cast, "solveig", "quality", filters), "overview", "unrecorded")
    for one in (recorded, unrecorded):
        assert one.value > 1
        assert len(listed(client, one.url)) == one.value
    marked = Loop.objects.filter(pk__in=listed(client, recorded.url)).values_list("modes_recorded", flat=True)
    assert set(marked) == {True}


@pytest.mark.django_db
def test_what_there_is_none_of_leads_nowhere(world: World) -> None:
    for slug, section, keys in (
        ("ageing", "at_risk", ("at_risk", "missed")),
        ("stages", "split", ("band_mean", "recorded")),
        ("quality", "overview", ("unrecorded",)),
    ):
        made = report(world.cast, "solveig", slug, Filters(passes=999))
        assert [figure(made, section, key).url for key in keys] == [""] * len(keys)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"outlook": "missed"}, "said of open tickets only"),
        ({"outlook": "missed", "show": "merged"}, "said of open tickets only"),
        ({"band": "p80-p90", "show": "open"}, "Percentiles are of finished loops only"),
        ({"outlook": "gloomy", "show": "open"}, "“gloomy” is not one of the choices"),
        ({"work": "hard"}, "“hard” is not one of the choices"),
    ],
)
def test_what_does_not_go_together_is_said(world: World, query: dict[str, str], said: str) -> None:
    response = world.cast.client_of("solveig").get("/reports/tickets/", query)
    assert response.status_code == 422
    assert said in response.content.decode()


@pytest.mark.django_db
def test_a_list_says_what_it_is_narrowed_to(world: World) -> None:
    client = world.cast.client_of("solveig")
    for query, chip in (
        ({"show": "open", "outlook": "at_risk"}, "Service level: about to miss it"),
        ({"work": "unrecorded"}, "Work: not recorded"),
        ({"band": "p80-p90"}, "Length: from the p80 to the p90"),
    ):
        assert chip in client.get("/reports/tickets/", query).content.decode()


@pytest.mark.django_db
def test_the_api_lists_the_same(world: World) -> None:
    outlooks(world)
    page, api = world.cast.client_of("solveig"), world.cast.api_client_of("solveig")
    with clock.at(DAY0 + timedelta(days=60)):
        for query in ("show=open&outlook=missed", "band=p80-p90", "work=unrecorded", "under=1000000000000"):
            found = api.get(f"/api/v1/cycles/loops/?{query}").json()["results"]
            keys = {f"FB-{pk}" for pk in listed(page, f"/reports/tickets/?{query}")}
            assert {loop["ticket"] for loop in found} == keys


@pytest.mark.django_db
def test_each_chip_takes_away_what_needs_it(world: World) -> None:
    client = world.cast.client_of("solveig")
    text = client.get("/reports/tickets/", {"show": "open", "outlook": "at_risk", "severity": "S2"}).content.decode()
    chips = re.findall(r'class="filter-chip" href="([^"]*)"', text)
    assert [html.unescape(chip) for chip in chips] == [
        "/reports/tickets/?show=open&outlook=at_risk",
        "/reports/tickets/?severity=S2",
        "/reports/tickets/?show=open&severity=S2",
    ]
    assert {client.get(html.unescape(chip)).status_code for chip in chips} == {200}

"""The report in a real browser: its charts hold the figures of their tables, and a manager gets to the ticket."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from rnd.cycles.actions import project_tickets
from tests.browser.support import check_page, path_of
from tests.cast import Cast
from tests.cycles.world import DAY0, quick_loop

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[[Any], "Page"]

MINUTE = 60_000_000
# The usual length of each stage, in minutes; real ones are skewed around it.
USUAL = [90, 600, 2_000, 1_500, 3_500, 1_800, 4_500, 6_000, 2_500]
TITLES = [
    "Loses position after take-off",
    "Дрон втрачає супутники на висоті понад 120 м",
    "Video freezes for a second every minute or so, more often in the cold",
    "Motor 3 hot after landing",
]


def a_year(cast: Cast, *, count: int = 45) -> None:
    """Loops of a year with skewed lengths, some of them open, rejected or merged."""
    chance = random.Random(4)
    tickets = []
    for number in range(count):
        lengths = [round(usual * chance.lognormvariate(0, 0.8)) * MINUTE for usual in USUAL]
        end = "fixed" if number % 7 else ["open", "rejected", "merged"][number % 3]
        tickets.append(
            quick_loop(
                cast,
                seen=DAY0 + timedelta(hours=chance.randrange(24 * 200)),
                lengths=lengths[:6] if end == "open" else lengths,
                end=end,
                who=chance.choice(["olena", "stepan"]),
                title=TITLES[number % 4],
                component=chance.choice([cast.autopilot, cast.radio, cast.autopilot]),
                severity=chance.choice(["S1", "S2", "S2", "S3"]),
            )
        )
    project_tickets(ticket_ids=[ticket.pk for ticket in tickets])


def test_the_pages_of_the_report_look_right(cast: Cast, signed_in: SignedIn) -> None:
    a_year(cast)
    page = signed_in(cast.solveig)
    check_page(page, "/reports/", "report", languages=("en", "uk"))
    check_page(page, "/reports/tickets/?sort=longest", "report-tickets", languages=("en",))
    check_page(page, "/reports/tickets/?show=open", "report-tickets-open", languages=("en",))
    check_page(page, "/reports/?severity=S4", "report-empty", languages=("en",))


def test_the_charts_hold_the_figures_of_their_tables(cast: Cast, signed_in: SignedIn) -> None:
    a_year(cast, count=20)
    page = signed_in(cast.solveig)
    page.goto("/reports/")
    for name in ("components", "periods"):
        table = page.locator(f"section[aria-labelledby={name}] tbody tr")
        shown = [row.locator("td").all_inner_texts()[1:10] for row in table.all()]
        drawn = page.evaluate(
            """(name) => {
                const canvas = document.querySelector(`section[aria-labelledby=${name}] canvas`);
                return Chart.getChart(canvas).data.datasets.map((set) => set.data);
            }""",
            name,
        )
        assert len(drawn) == 9
        for position, cells in enumerate(shown):
            assert [float(cell.replace("–", "0")) for cell in cells] == [stage[position] for stage in drawn]


def test_from_the_headline_to_the_one_ticket_takes_two_clicks(cast: Cast, signed_in: SignedIn) -> None:
    a_year(cast, count=20)
    page = signed_in(cast.solveig)
    page.goto("/reports/")
    page.locator(".stat", has_text="p85").get_by_role("link").click()
    expect(page.locator("tbody tr").first).to_be_visible()
    assert path_of(page) == "/reports/tickets/"
    page.locator("tbody tr .title a").first.click()
    assert path_of(page).startswith("/FB-")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_report_is_whole_without_scripts(cast: Cast, browser: Any, live_server: Any) -> None:
    from tests.browser.support import sign_in

    a_year(cast, count=14)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, cast.solveig, live_server.url)
    page.goto("/reports/")
    expect(page.locator("section[aria-labelledby=components] tbody tr").first).to_be_visible()
    page.get_by_label("Severity").select_option("S2")
    page.get_by_role("button", name="Filter").click()
    assert "severity=S2" in page.url
    context.close()

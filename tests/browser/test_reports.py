"""The reports in a real browser: each looks right on a screen and on paper, and a manager gets to the ticket."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from rnd.cycles.pages import PAGES, page_url
from tests.browser.support import Watch, check_page, path_of, problems, speak
from tests.browser.year import a_year
from tests.cast import Cast
from tests.cycles.slow.answer import Known
from tests.cycles.slow.life import lives
from tests.cycles.slow.plain import Asked
from tests.cycles.slow.reader import read

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[[Any], "Page"]


def test_every_report_looks_right(cast: Cast, signed_in: SignedIn) -> None:
    a_year(cast)
    page = signed_in(cast.solveig)
    filled = """() => [...document.querySelectorAll(".chart canvas")].every(
        (canvas) => Math.abs(canvas.clientHeight - canvas.parentElement.clientHeight) < 2)"""
    for report in PAGES:
        check_page(page, f"{page_url(report)}?programme={cast.programme.slug}", f"report-{report}", languages=("en",))
        page.wait_for_function(filled)


def test_on_paper_charts_are_light_and_tables_open(cast: Cast, signed_in: SignedIn) -> None:
    a_year(cast, count=24)
    page = signed_in(cast.solveig)
    page.emulate_media(color_scheme="dark")
    page.goto("/reports/stages/")
    ink = "() => Chart.getChart(document.querySelector('canvas')).options.scales.y.ticks.color"
    on_screen = page.evaluate(ink)
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(ink) != on_screen
    assert page.locator("details.behind:not([open])").count() == 0
    # As wide as the paper, not drawn for the screen and pressed together: 180 of 182 mm.
    wide = page.evaluate("() => [...document.querySelectorAll('canvas')].map((one) => one.clientWidth)")
    assert set(wide) == {680}
    page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(ink) == on_screen
    assert page.locator("details.behind:not([open])").count() > 0


WIDER = """() => [...document.querySelectorAll(".report-table")]
    .filter((table) => table.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
    .map((table) => [table.closest("section").dataset.section, table.getBoundingClientRect().right])"""
APART = """() => [...document.querySelectorAll(".card-body > :is(.chart-figure, .behind, .table-wrap)")]
    .map((one) => one.previousElementSibling)
    .filter((before) => before && !before.matches(".chart-figure") && getComputedStyle(before).breakAfter !== "avoid")
    .map((before) => before.className)"""


def test_on_paper_no_table_is_wider_than_the_page(cast: Cast, signed_in: SignedIn) -> None:
    a_year(cast)
    page = signed_in(cast.solveig)
    # What is left of A4 between its margins: 182 mm.
    page.set_viewport_size({"width": 688, "height": 1000})
    for language in ("nb", "uk", "en"):
        speak(page, language)
        for report in ("stages", "ageing", "releases", "flow"):
            page.emulate_media(media="screen")
            page.goto(page_url(report))
            page.emulate_media(media="print")
            page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
            assert page.evaluate(WIDER) == [], (report, language)
            assert page.evaluate(APART) == [], (report, language)


def test_a_manager_on_a_phone_sees_the_headline_in_one_screen(cast: Cast, signed_in: SignedIn) -> None:
    a_year(cast, count=24)
    page = signed_in(cast.solveig)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/reports/?programme={cast.programme.slug}")
    for figure in ("compression", "p50", "p85", "p95", "n"):
        box = page.locator(f"[data-figure={figure}]").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 844, figure


def test_from_the_headline_to_the_entries_takes_three_clicks(cast: Cast, signed_in: SignedIn) -> None:
    a_year(cast, count=24)
    page = signed_in(cast.solveig)
    page.goto("/reports/")
    page.locator("[data-figure=p85]").get_by_role("link").click()
    assert path_of(page) == "/reports/tickets/"
    # The first of those that took so long or longer is the one that the figure is of.
    world = read()
    totals = sorted((one.total, one.ticket) for one in Known(world, lives(world), Asked()).finished)
    p85 = next(total for total, _ in totals if sum(other <= total for other, _ in totals) * 100 >= 85 * len(totals))
    assert page.locator("tbody tr").count() == sum(total >= p85 for total, _ in totals)
    page.locator("tbody tr .title a").first.click()
    ticket = next(number for total, number in totals if total == p85)
    assert path_of(page) == f"/FB-{ticket}"
    # The entries behind the bar stand on the ticket's page already; no third click is needed.
    expect(page.locator(".feed .feed-item").first).to_be_visible()
    tasks = {task for task, other in world.links if other == ticket}
    told = len(world.of_ticket[ticket]) + sum(len(world.of_task[task]) for task in tasks)
    assert page.locator(".feed .feed-item").count() == told
    expect(page.locator(".feed")).to_contain_text("confirmed that it is fixed")


def test_the_report_is_whole_without_scripts(cast: Cast, browser: Any, live_server: Any) -> None:
    from tests.browser.support import sign_in

    a_year(cast, count=14)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, cast.solveig, live_server.url)
    page.goto("/reports/stages/")
    page.get_by_text("Filter and compare").click()
    page.get_by_label("Severity").first.select_option("S2")
    page.get_by_role("button", name="Show").click()
    assert "severity=S2" in page.url
    page.locator("section[data-section=components] summary").click()
    expect(page.locator("section[data-section=components] tbody tr").first).to_be_visible()
    context.close()


def test_promises_saved_reports_and_comparisons_look_right(cast: Cast, signed_in: SignedIn) -> None:
    a_year(cast, count=30)
    page = signed_in(cast.solveig)
    check_page(page, f"/reports/levels/{cast.programme.slug}/", "report-levels", languages=("en",))
    check_page(page, "/reports/?severity=S1&against=other&vs-severity=S2", "report-beside", languages=("en",))
    check_page(page, "/reports/tickets/?sort=longest", "report-tickets", languages=("en",))
    page.goto("/reports/flow/")
    page.get_by_label("Save it as").fill("Flow of the week")
    page.get_by_label("shared with my programmes").check()
    page.get_by_role("button", name="Save").click()
    check_page(page, "/reports/saved/", "report-saved", languages=("en",))
    check_page(page, "/reports/digest/", "report-digest", languages=("en",))
    page.goto("/reports/flow/")
    page.get_by_role("button", name="Freeze these figures").click()
    check_page(page, path_of(page), "report-frozen", languages=("en",))
    page.goto("/reports/?severity=S1&against=other&vs-severity=S2")
    page.get_by_role("button", name="Freeze these figures").click()
    check_page(page, path_of(page), "report-frozen-beside", languages=("en",))


def test_a_forecast_is_asked_in_sight_and_keeps_the_filters(cast: Cast, signed_in: SignedIn) -> None:
    a_year(cast)
    page = signed_in(cast.solveig)
    page.goto("/reports/forecast/?severity=S2")
    loops = page.get_by_label("How many loops")
    expect(loops).to_be_visible()
    expect(page.get_by_label("Severity").first).to_be_hidden()
    loops.fill("7")
    loops.press("Enter")
    expect(page.locator("main")).to_contain_text("When are the next 7 loops in the field and confirmed?")
    assert {"n=7", "severity=S2"} <= set(page.url.split("?")[1].split("&"))
    page.get_by_label("Within days").fill("14")
    page.get_by_role("button", name="Ask").click()
    page.wait_for_url("**days=14**")
    assert {"n=7", "severity=S2", "days=14"} <= set(page.url.split("?")[1].split("&"))


def test_who_saves_a_report_without_a_name_is_led_to_the_name(cast: Cast, signed_in: SignedIn, watch: Watch) -> None:
    page = signed_in(cast.solveig)
    watch.expect_errors(422)
    page.goto("/reports/flow/?severity=S2")
    name = page.get_by_label("Save it as")
    page.get_by_role("button", name="Save").click()
    assert path_of(page).startswith("/reports/flow/")  # the browser itself asks for it
    name.fill(" ")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Give the report a name by which it is found again.")).to_be_in_viewport()
    expect(name).to_be_focused()
    expect(page.get_by_role("link", name="Severity")).to_be_visible()
    assert not problems(page)
    name.fill("Flow of the week")
    page.get_by_role("button", name="Save").click()
    assert path_of(page) == "/reports/saved/"


def test_ticked_tickets_are_foretold_together(cast: Cast, signed_in: SignedIn) -> None:
    a_year(cast)
    page = signed_in(cast.solveig)
    page.goto("/reports/tickets/?show=open")
    boxes = page.get_by_role("checkbox", name=re.compile("^Tick FB-"))
    keys = sorted(boxes.nth(place).get_attribute("value") or "" for place in (0, 1))
    for place in (0, 1):
        boxes.nth(place).check()
    page.get_by_role("button", name="When are the ticked ones confirmed?").click()
    expect(page.locator("section[data-section=chosen] h2")).to_contain_text("in the field and confirmed?")
    assert sorted(page.locator("section[data-section=each] tbody th").all_inner_texts()) == keys
    # What was ticked stands in the line above, to be changed.
    assert sorted(page.get_by_label("Only these tickets").input_value().split(", ")) == keys
    assert not problems(page)

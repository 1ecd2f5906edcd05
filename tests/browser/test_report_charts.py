"""The charts of the reports in a real browser: they hold the figures of their tables and of slow code, name what they
show, and are walked by keyboard and taken along."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from foundation.accounts.actors import SYSTEM
from foundation.kit import vocabulary
from frontline_feedback.models import Ticket
from rnd.cycles.actions import project_tickets
from rnd.cycles.clock.stages import Stage
from rnd.cycles.pages import PAGES, document, page_url
from tests.browser.year import MINUTE, a_year
from tests.cast import Cast
from tests.cycles.slow import ANSWERS
from tests.cycles.slow.answer import Known
from tests.cycles.slow.comparing import drawings
from tests.cycles.slow.life import lives
from tests.cycles.slow.plain import Asked
from tests.cycles.slow.reader import read
from tests.cycles.test_every_figure import filters_of
from tests.cycles.world import quick_loop

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[[Any], "Page"]

DRAWN = """(name) => {
    const canvas = document.querySelector(`section[data-section=${name}] canvas`);
    return Chart.getChart(canvas).data.datasets.map((set) => set.data);
}"""


def cells(page: Page, section: str, column: str) -> list[str]:
    """Give the texts of one column of a section's table."""
    place = page.locator(f"section[data-section={section}] th[data-column]").evaluate_all(
        "(heads, name) => heads.findIndex((head) => head.dataset.column === name)", column
    )
    rows = page.locator(f"section[data-section={section}] tbody tr")
    texts = rows.evaluate_all("(rows, at) => rows.map((row) => row.cells[at].textContent.trim())", place)
    return [str(text) for text in texts]


def test_the_charts_hold_the_figures_of_their_tables(cast: Cast, signed_in: SignedIn) -> None:
    a_year(cast, count=24)
    page = signed_in(cast.solveig)
    page.goto("/reports/flow/")
    drawn = page.evaluate(DRAWN, "cfd")
    names = ["finished", "verify", "install", "release", "test", "build", "design", "queue", "triage", "transit"]
    for name, values in zip(names, drawn, strict=True):
        assert cells(page, "cfd", name) == [str(value) for value in values]
    # The gap between the outermost lines is the work in progress, on every day.
    gaps = [sum(day) for day in zip(*drawn[1:], strict=True)]
    assert cells(page, "cfd", "wip") == [str(gap) for gap in gaps]
    assert page.evaluate(DRAWN, "wip") == [gaps]
    assert cells(page, "throughput", "n") == [str(value) for value in page.evaluate(DRAWN, "throughput")[0]]
    page.goto("/reports/times/")
    assert cells(page, "histogram", "n") == [str(value) for value in page.evaluate(DRAWN, "histogram")[0]]
    assert len(page.evaluate(DRAWN, "dots")[0]) == len(cells(page, "dots", "ticket"))


EVERY_CHART = """() => Object.fromEntries([...document.querySelectorAll("section[data-section]")]
    .filter((section) => section.querySelector("canvas"))
    .map((section) => [section.dataset.section, Chart.getChart(section.querySelector("canvas")).data.datasets.map(
        (set) => set.data.map((value) => (value !== null && typeof value === "object" ? value.y : value)))]))"""

SEEN = """() => Object.fromEntries([...document.querySelectorAll("canvas[data-chart]")]
    .map((canvas) => [canvas.dataset.chart, Chart.getChart(canvas)])
    .filter(([, chart]) => chart.config.type === "line" && chart.options.spec.kind === "line")
    .map(([name, chart]) => [name, chart.getSortedVisibleDatasetMetas().flatMap((meta) => {
        const { data } = chart.data.datasets[meta.index];
        const there = (at) => data[at] !== null && data[at] !== undefined;
        return data.flatMap((value, at) => (there(at)
            ? [there(at - 1) || there(at + 1) || (!meta.data[at].skip && meta.data[at].options.radius > 0)] : []));
    })]))"""


def test_a_value_between_two_gaps_is_seen(cast: Cast, signed_in: SignedIn) -> None:
    # Twelve loops in one month, three in each of those around it: one value of each line, and nothing to join it to.
    for month, count in ((3, 3), (4, 12), (5, 3)):
        for day in range(1, count + 1):
            quick_loop(cast, seen=datetime(2026, month, day, tzinfo=UTC), lengths=[MINUTE] * 9, severity="S2")
    project_tickets(ticket_ids=list(Ticket.objects.values_list("pk", flat=True)))
    page = signed_in(cast.solveig)
    page.goto("/reports/?by=month")
    assert page.evaluate(DRAWN, "trend") == [[None, value, None] for value in [9, 9, 9]]
    assert page.evaluate(SEEN) == {"chart-trend": [True] * 3}


def test_every_chart_draws_what_slow_code_makes_of_the_journal(cast: Cast, signed_in: SignedIn) -> None:
    a_year(cast, count=30)
    page, asked = signed_in(cast.solveig), Asked(programme=cast.programme.slug, zone=cast.programme.time_zone)
    world = read()
    known = Known(world, lives(world), asked)
    seen = 0
    for report in PAGES:
        # How often a fault was reported is asked of releases, and these loops name none; it has no chart.
        if report == "releases":
            continue
        page.goto(f"{page_url(report)}?programme={cast.programme.slug}")
        parts = ANSWERS[report](known, {}).parts
        found = document(PAGES[report], SYSTEM, filters_of(asked), {}, [])
        for name, drawn in page.evaluate(EVERY_CHART).items():
            section = found.section(name)
            assert section is not None
            assert drawn == drawings(section, parts[name]), (report, name)
            seen += 1
    assert seen >= 14


DAYS = """(name) => {
    const chart = Chart.getChart(document.querySelector(`section[data-section=${name}] canvas`));
    chart.tooltip.setActiveElements([{ datasetIndex: 0, index: 0 }], { x: 0, y: 0 });
    chart.update();
    const { min, max, ticks } = chart.scales.x;
    const ends = [min, max, chart.scales.y.max];
    return { first: chart.tooltip.title[0], ends, ticks: ticks.map((one) => one.label) };
}"""


def test_dots_stand_on_the_days_of_the_report_and_side_by_side_on_the_same(cast: Cast, signed_in: SignedIn) -> None:
    # Fixed at half past ten in the evening, UTC: in Kyiv that is the next day.
    for month, severity, length in ((3, "S1", 300), (6, "S2", 30), (7, "S2", 20), (9, "S1", 9)):
        fixed = datetime(2026, month, 5, 22, 30, tzinfo=UTC)
        lengths = [length * MINUTE] * 9
        quick_loop(cast, seen=fixed - timedelta(minutes=9 * length), lengths=lengths, severity=severity)
    project_tickets(ticket_ids=list(Ticket.objects.values_list("pk", flat=True)))
    page = signed_in(cast.solveig)
    page.goto(f"/reports/times/?programme={cast.programme.slug}&against=other&vs-severity=S2")
    every, some = page.evaluate(DAYS, "dots"), page.evaluate(DAYS, "dots-beside")
    moments = [dot["x"] for dot in page.evaluate(DRAWN, "dots")[0]]
    assert {every["first"], some["first"]} <= {"6 Mar 2026", "6 Jun 2026", "6 Jul 2026", "6 Sep 2026"}
    assert every["ends"] == some["ends"]
    assert every["ticks"] == some["ticks"]
    assert every["ticks"][0] == "6 Mar 2026"
    # The axis begins and ends with the days of the first and of the last dot.
    day = 24 * 3600 * 1000
    assert 0 <= min(moments) - every["ends"][0] < day
    assert 0 <= every["ends"][1] - max(moments) < day


NAMES = """(name) => {
    const chart = Chart.getChart(document.querySelector(`section[data-section=${name}] canvas`));
    const names = chart.scales[chart.options.indexAxis];
    const colours = chart.getDatasetMeta(0).data.map((bar) => bar.options.backgroundColor);
    return [chart.options.indexAxis, names.ticks.map((one) => [one.label].flat().join(" ")), new Set(colours).size];
}"""


def test_every_bar_of_a_stage_has_its_name_and_its_colour(cast: Cast, signed_in: SignedIn) -> None:
    a_year(cast, count=24)
    page = signed_in(cast.solveig)
    names = [str(vocabulary.word("stage", stage).label) for stage in Stage]
    page.goto("/reports/ageing/")
    assert page.evaluate(NAMES, "stages")[:2] == ["x", names]
    # On a phone there is no room for nine names side by side; nothing is loaded anew when it is turned.
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function(f"() => ({NAMES})('stages')[0] === 'y'")
    assert page.evaluate(NAMES, "stages")[1] == names
    # What is read aloud within a table does not make the page wider than the phone.
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    page.goto("/reports/fixes/")
    assert page.evaluate(NAMES, "bottleneck")[2] == 9
    page.goto("/reports/stages/")
    assert page.evaluate(NAMES, "modes")[:2] == ["y", names]
    page.set_viewport_size({"width": 1280, "height": 844})
    page.wait_for_function(f"() => ({NAMES})('modes')[0] === 'x'")
    assert page.evaluate(NAMES, "modes")[1] == names


def test_a_chart_is_walked_by_keyboard_and_taken_along(cast: Cast, signed_in: SignedIn) -> None:
    a_year(cast, count=24)
    page = signed_in(cast.solveig)
    page.goto("/reports/times/")
    canvas = page.locator("section[data-section=dots] canvas")
    with page.expect_download() as taken:
        page.locator("section[data-section=dots] [data-png]").click()
    assert taken.value.suggested_filename == "times-dots.png"
    assert taken.value.path().read_bytes().startswith(b"\x89PNG")
    canvas.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**/FB-*")


WRITTEN = """() => {
    window.written = [];
    const write = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
        if (!this.canvas.isConnected) window.written.push(text);
        return write.call(this, text, ...rest);
    };
}"""


def test_each_side_says_its_filters_and_n_in_pictures_and_on_paper(cast: Cast, signed_in: SignedIn) -> None:
    a_year(cast, count=40)
    page = signed_in(cast.solveig)
    page.goto(f"/reports/times/?programme={cast.programme.slug}&against=other&vs-severity=S2")
    page.evaluate(WRITTEN)
    every, some = (len(page.evaluate(DRAWN, name)[0]) for name in ("dots", "dots-beside"))
    assert every > some
    for name, n, filters in (
        ("dots", every, f"Programme: {cast.programme.name} · days of"),
        ("dots-beside", some, f"Programme: {cast.programme.name} · Severity: S2 · days of"),
    ):
        with page.expect_download() as taken:
            page.locator(f"section[data-section={name}] [data-png]").click()
        assert taken.value.suggested_filename == f"times-{name}.png"
        title, *told = page.evaluate("() => window.written.splice(0)")
        assert title == ("Every finished loop (beside it)" if name == "dots-beside" else "Every finished loop")
        assert f"n = {n} (finished loops)" in " ".join(told)
        assert filters in " ".join(told)
    says = page.locator(".side-says")
    expect(says.first).to_be_hidden()
    page.emulate_media(media="print")
    for side in (says.nth(0), says.nth(1)):
        expect(side).to_be_visible()
    expect(says.nth(0)).to_have_text(f"n = {every} (finished loops) · Programme: {cast.programme.name}")
    expect(says.nth(1)).to_have_text(f"n = {some} (finished loops) · Programme: {cast.programme.name} · Severity: S2")

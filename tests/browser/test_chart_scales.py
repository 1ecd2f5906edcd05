"""The charts of reports in a real browser: one scale side by side, and names that can be read."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.support import DESKTOP, PHONE, speak
from tests.browser.year import a_year
from tests.cast import Cast
from tests.cycles.test_side_by_side import QUERY, short_and_long

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[[Any], "Page"]

# Of each pair of charts: the ends of both scales of figures, and the units behind their numbers.
SCALES = """() => [...document.querySelectorAll("section[data-beside] canvas")].map((canvas) => {
    const name = canvas.dataset.chart.replace(/-beside$/, "");
    return [name, ...[name, canvas.dataset.chart].map((one) => {
        const chart = Chart.getChart(document.querySelector(`canvas[data-chart="${one}"]`));
        const figures = chart.scales[chart.options.indexAxis === "y" ? "x" : "y"];
        return [figures.min, figures.max, figures.ticks.at(-1).label];
    })];
})"""


def test_charts_side_by_side_have_one_scale_at_every_width(cast: Cast, signed_in: SignedIn) -> None:
    short_and_long(cast)
    page, seen = signed_in(cast.solveig), set()
    query = "&".join(f"{name}={value}" for name, value in QUERY.items())
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a TypedDict of playwright's own
        for report in ("stages", "times", "flow", "fixes"):
            page.goto(f"/reports/{report}/?{query}")
            for name, one, other in page.evaluate(SCALES):
                assert one == other, (report, name, size)
                assert one[0] == 0
                seen.add(name)
    assert len(seen) >= 9


# The names below the histogram with their left and right ends, where its bars begin, and how wide the picture is.
BOUNDS = """() => {
    const chart = Chart.getChart(document.querySelector("section[data-section=histogram] canvas"));
    const axis = chart.scales.edges;
    chart.ctx.font = `12px ${Chart.defaults.font.family}`;
    return {
        names: axis.ticks.map((one) => {
            const at = axis.getPixelForValue(one.value);
            const half = chart.ctx.measureText(one.label).width / 2;
            return [one.label, one.value, at, at - half, at + half];
        }),
        begins: chart.getDatasetMeta(0).data.map((bar) => bar.x - bar.width / 2),
        shown: chart.scales.x.options.display,
        width: chart.width,
    };
}"""


@pytest.mark.parametrize("language", ["en", "uk", "nb"])
def test_the_bounds_of_the_histogram_can_be_read_at_every_width(cast: Cast, signed_in: SignedIn, language: str) -> None:
    a_year(cast, count=40)
    page = signed_in(cast.solveig)
    speak(page, language)
    for size, fewest in ((DESKTOP, 8), (PHONE, 4)):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a TypedDict of playwright's own
        page.goto("/reports/times/")
        found = page.evaluate(BOUNDS)
        names = found["names"]
        assert len(names) >= fewest, names
        assert names[0][0] == "0"
        assert names[-1][0].startswith("≥")
        assert names[-1][1] == len(found["begins"]) - 1
        assert all(one[4] + 4 < other[3] for one, other in pairwise(names)), names
        assert names[0][3] >= 0
        assert names[-1][4] <= found["width"]
        # Each stands where the bar begins that it is the bound of.
        assert all(abs(at - found["begins"][place]) < 1.5 for _name, place, at, *_ends in names)
        assert not found["shown"]

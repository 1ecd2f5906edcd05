"""The charts of reports in a real browser: one scale side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.support import DESKTOP, PHONE
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

"""The report pages that nothing narrows, as a manager opens them, beside a bare page of ours in the same frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.bench.artifacts import grown_from, peak
from tests.bench.ground import paired, say, seconds

if TYPE_CHECKING:
    from tests.cast import Cast

# What each severity is promised: without promises nobody could be about to miss one.
PROMISED = {"S1": 30, "S2": 45, "S3": 20, "S4": 30}


def measure(cast: Cast) -> None:
    """Print of each page how long it takes to put together, and then SQL and wall time as it is read."""
    from django.db import connection, reset_queries
    from django.test.utils import CaptureQueriesContext

    from rnd.cycles.pages import PAGES, page_url

    client = cast.client_of("ingrid")
    bare = bare_page(client)
    shown = list(PAGES)
    promise(cast)
    bare()
    first, grown = {}, {}
    for slug in shown:
        before = grown_from()
        first[slug] = seconds(lambda slug=slug: client.get(page_url(slug)))  # type: ignore[misc]
        grown[slug] = (peak() - before) / 1e6
    reset_queries()
    with CaptureQueriesContext(connection) as asked:
        bare()
        frame = _sql(asked)
    held = grown_from()
    for slug in shown:
        reset_queries()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page_url(slug)).status_code == 200
            asking = _sql(asked)
        mine, floor = paired(lambda slug=slug: client.get(page_url(slug)), bare, rounds=15)  # type: ignore[misc]
        sql = f"{asking * 1e3:.0f} ms of SQL ({frame * 1e3:.0f} of the bare page's; aim 10)"
        walls = f"{mine * 1e3:.0f} ms", f"{floor * 1e3:.0f} ms"
        say(f"page {slug}", *walls, f"{mine / floor:.1f} times (aim 1.5), {sql}; {put(first[slug], grown[slug])}")
    say("memory of the process while it reads them", f"+{(peak() - held) / 1e6:.0f} MB", "0 MB", f"{held / 1e6:.0f} MB")


def put(took: float, grown: float) -> str:
    """Say how long a page took to be put together, and how much the memory of the process grew by it."""
    return f"{took:.2f} s and +{grown:.0f} MB when put together"


def promise(cast: Cast) -> None:
    """Set service levels, as a manager does."""
    from rnd.cycles.actions import set_service_level

    for severity, days in PROMISED.items():
        set_service_level(actor=cast.actor("solveig"), programme=cast.programme, severity=severity, days=days)


def _sql(asked: Any) -> float:
    return sum(float(query["time"]) for query in asked.captured_queries)


def bare_page(client: Any) -> Any:
    """Give a way to read a page without a report: the same middleware, the same frame, the same reader."""
    from django.shortcuts import render
    from django.urls import clear_url_caches, path

    from rnd import urls

    urls.urlpatterns.insert(0, path("bare/", lambda request: render(request, "kit/base.html")))
    clear_url_caches()

    def read() -> None:
        assert client.get("/bare/").status_code == 200

    return read

"""The report pages that nothing narrows, as a manager opens them, beside a bare page of ours in the same frame."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from tests.bench.artifacts import grown_from, peak
from tests.bench.ground import paired, say, seconds

if TYPE_CHECKING:
    from tests.cast import Cast

# These read every task, or list every open ticket, when they are put together: too long for a bench of a million.
HEAVY = {"engineering": 200_000, "ageing": 200_000}


def measure(count: int, cast: Cast) -> None:
    """Print of each page how long it takes to put together, and then SQL and wall time as it is read."""
    from django.db import connection, reset_queries
    from django.test.utils import CaptureQueriesContext

    from rnd.cycles.pages import PAGES, page_url

    client = cast.client_of("ingrid")
    bare = bare_page(client)
    shown = [page.slug for page in PAGES.values() if count < HEAVY.get(page.slug, count + 1)]
    first = {slug: seconds(lambda slug=slug: client.get(page_url(slug))) for slug in shown}  # type: ignore[misc]
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
        mine, floor = paired(lambda slug=slug: client.get(page_url(slug)), bare, rounds=5)  # type: ignore[misc]
        sql = f"{asking * 1e3:.0f} ms of SQL ({frame * 1e3:.0f} of the bare page's; aim 10)"
        walls = f"{mine * 1e3:.0f} ms", f"{floor * 1e3:.0f} ms"
        say(f"page {slug}", *walls, f"{mine / floor:.1f} times (aim 1.5), {sql}; {first[slug]:.2f} s when put together")
    say("memory of the process while it reads them", f"+{(peak() - held) / 1e6:.0f} MB", "0 MB", f"{held / 1e6:.0f} MB")
    for slug in sorted(HEAVY.keys() - set(shown)):
        sys.stdout.write(f"page {slug}: not measured at {count:,} tickets, because it reads all of its kind\n")


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

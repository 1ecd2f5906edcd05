"""One Chromium for all browser tests of a worker, and for each test a page that fails it when the console complains."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import chromium
from tests.browser.support import Watch, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks everything here, so that `-m "not browser"` leaves it out."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Says once, loudly, that there was no browser."""
    skipped = terminalreporter.stats.get("skipped", [])
    if any(chromium.MISSING in str(report.longrepr) for report in skipped):
        terminalreporter.write_sep("!", chromium.MISSING, red=True, bold=True)


@pytest.fixture
def watch(browser: Browser, live_server: Any) -> Iterator[Watch]:
    """What goes wrong on the test's page; a test of a refusal says so: `watch.expect_errors(403)`."""
    # Nothing moves: else axe may see a colour on its way to another.
    context = browser.new_context(base_url=live_server.url, locale="en-GB", timezone_id="UTC", reduced_motion="reduce")
    context.set_default_timeout(15_000)
    watch = Watch(context.new_page())
    yield watch
    watch.page.goto("about:blank")
    context.close()
    watch.check()


@pytest.fixture
def page(watch: Watch) -> Page:
    """A page of its own session on the live server; afterwards nothing may stand in the console."""
    return watch.page


@pytest.fixture
def signed_in(page: Page, live_server: Any) -> Callable[[Any], Page]:
    """Gives the page with a user's session: `page = signed_in(cast.engineer)`."""

    def enter(user: Any) -> Page:
        sign_in(page, user, live_server.url)
        return page

    return enter

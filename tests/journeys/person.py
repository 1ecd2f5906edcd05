"""Somebody in front of a browser: reads, types, presses."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.support import Watch


class Person:
    """One person with a page of their own."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.page: Page = watch.page

    def sign_in(self, username: str, password: str) -> None:
        self.page.goto("/account/login/")
        self.page.locator("input[name=login]").fill(username)
        self.page.locator("input[name=password]").fill(password)
        self.page.locator("form[action*=login] button.btn-primary").click()
        expect(self.page.locator("nav")).not_to_have_count(0)

    def open(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def press(self, selector: str) -> None:
        self.page.locator(selector).first.click()

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f"[name={name}]:not([type=hidden])").first.fill(value)

    def choose(self, **fields: str) -> None:
        for name, label in fields.items():
            self.page.locator(f"select[name={name}]").first.select_option(label)

    def pick(self, name: str, value: str) -> None:
        """Choose a card of a group of radio buttons."""
        self.page.locator(f"label:has(input[name={name}][value={value}])").first.click()

    def sees(self, text: str) -> None:
        expect(self.page.locator("main").get_by_text(text).first).to_be_visible()

    def waits_for(self, text: str, *, seconds: int = 90) -> None:
        """Look at the page again until it tells `text`: what the workers do takes a moment."""
        self._again(lambda: text in self.page.locator("main").inner_text(), text, seconds)

    def waits_for_link(self, selector: str, *, seconds: int = 90) -> None:
        self._again(lambda: self.page.locator(selector).count() > 0, selector, seconds)

    def _again(self, happened: Callable[[], bool], what: str, seconds: int) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if happened():
                return
            self.page.wait_for_timeout(250)
            self.page.reload()
        raise AssertionError(f"{what!r} did not appear within {seconds} s at {self.page.url}")

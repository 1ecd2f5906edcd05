"""The description of the API, as people read it: the strict policy lets all of it work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.mark.django_db(transaction=True)
def test_an_operation_opens_and_offers_to_be_tried(page: Page) -> None:
    page.goto("/api/docs/")
    page.locator("#operations-tag-feedback").click()
    operation = page.locator("#operations-feedback-feedback_create")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    expect(operation.get_by_role("button", name="Execute")).to_be_visible()
    expect(operation.get_by_text("Idempotency-Key").first).to_be_visible()

"""The operations page in a real browser: quiet, and with something to decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from foundation.journal import parking
from foundation.journal.consumers import drain
from foundation.journal.models import Cursor, Entry, Parked
from tests.browser.support import check_page
from tests.cast import Cast

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_operations_page_is_sound_and_decides_with_a_reason(signed_in: Callable[[Any], Page], cast: Cast) -> None:
    drain()
    page = signed_in(cast.arne)
    check_page(page, "/operations/", "operations-quiet", languages=("en",))
    first, second, third = Entry.objects.order_by("id")[:3]
    error = RuntimeError("The channel <fleet> has no subscribers for " + "autopilot-hardware-revision-C-" * 6)
    for entry in (first, second):
        parking.park("engineering.link_commits", entry, error)
    parking.park_behind("engineering.link_commits", [third])
    Parked.objects.filter(entry_id=second.id).update(attempts=7, retry_at=None)
    Cursor.objects.filter(consumer="journal.seal").update(error="Traceback: the disk is full", attempts=1)
    Cursor.objects.get_or_create(consumer="former.consumer")
    check_page(page, "/operations/", "operations-parked", languages=("uk", "en"))
    page.goto("/operations/")
    page.get_by_role("button", name="Dismiss").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("Linked by hand")
    dialog.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_text(f"Entry {second.id} is dismissed.")).to_be_visible()
    assert not Parked.objects.filter(entry_id=second.id).exists()

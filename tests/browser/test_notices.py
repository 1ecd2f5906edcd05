"""The pages of webhooks and notices in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from foundation.accounts.actors import SYSTEM
from foundation.kit import clock
from frontline_feedback.actions import report_ticket
from rnd.notices.actions.add_webhook import add_webhook
from rnd.notices.actions.disable_webhook import disable_webhook
from rnd.notices.delivering import claim_due, deliver
from rnd.notices.models import Webhook
from tests.browser.support import check_page, problems, screenshot
from tests.cast import Cast
from tests.notices.receiver import Receiver, receiving

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[[Any], "Page"]


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.FIELDLOOP_WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1"]
    with receiving() as found:
        yield found


def test_a_webhook_is_added_by_hand_and_its_page_tells_what_was_sent(
    cast: Cast, signed_in: SignedIn, receiver: Receiver, drain: Callable[[], object]
) -> None:
    page = signed_in(cast.kari)
    check_page(page, "/webhooks/", "webhooks-empty")
    check_page(page, "/webhooks/add/", "webhook-add", languages=("en", "nb"))
    page.locator("[name=name]").fill("Workshop")
    page.locator("[name=url]").fill(receiver.url)
    page.get_by_label("ticket.received").check()
    page.locator("form.form .btn-primary").click()
    expect(page.locator(".note code")).to_contain_text("whsec_")
    screenshot(page, "webhook-key")
    assert not problems(page)
    receiver.answers = [503, 204]
    for title in ("Link drops", "Camera is blind"):
        report_ticket(
            actor=cast.actor("olena"),
            team=cast.north,
            title=title,
            platform=cast.platform,
            component=cast.radio,
            severity="S2",
            seen_at=clock.now(),
        )
    drain()
    for delivery_id in claim_due():
        deliver(delivery_id)
    check_page(page, Webhook.objects.get().get_absolute_url(), "webhook", languages=("en", "uk", "nb"))


def test_a_person_reads_that_a_webhook_was_turned_off(
    cast: Cast, signed_in: SignedIn, receiver: Receiver, drain: Callable[[], object]
) -> None:
    page = signed_in(cast.kari)
    check_page(page, "/notices/", "notices-empty", languages=("en", "nb"))
    made = add_webhook(
        actor=cast.actor("kari"),
        programme=cast.programme,
        name="Workshop",
        url=receiver.url,
        kinds=["ticket.received"],
    )
    disable_webhook(actor=SYSTEM, webhook=made.webhook, reason="The receiver answered 410: it wants no more.")
    drain()
    check_page(page, "/notices/", "notices")
    check_page(page, f"/webhooks/{made.webhook.pk}/", "webhook-off", languages=("nb",))
    page.goto("/notices/")
    page.get_by_role("button", name="Workshop").click()
    expect(page.locator("h1")).to_have_text("Workshop")

"""The pages of webhooks and notices, through Django's own client."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from foundation.kit import clock
from frontline_feedback.models import Ticket
from releases.actions.report_installation import report_installation
from releases.actions.withdraw_release import withdraw_release
from rnd.notices.actions.add_webhook import NewWebhook
from rnd.notices.delivering import claim_due, deliver
from rnd.notices.models import Delivery, Notice, Webhook
from tests.cast import Cast
from tests.notices.receiver import Receiver
from tests.releases.world import make_world

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_webhook_is_added_and_its_key_shown_once(cast: Cast, receiver: Receiver) -> None:
    browser = cast.client_of("kari")
    assert "/webhooks/add/" in browser.get("/webhooks/").content.decode()
    form = {
        "programme": cast.programme.pk,
        "name": "Workshop",
        "url": receiver.url,
        "kinds": ["ticket.received", "release.published"],
    }
    answer = browser.post("/webhooks/add/", form)
    assert "whsec_" in answer.content.decode()
    found = Webhook.objects.get()
    assert "whsec_" not in browser.get(f"/webhooks/{found.pk}/").content.decode()
    assert "Workshop" in browser.get("/webhooks/").content.decode()
    assert "whsec_" in browser.post(f"/webhooks/{found.pk}/rotate/").content.decode()


def test_a_wrong_address_stays_in_the_form_with_its_reason(cast: Cast) -> None:
    form = {"programme": cast.programme.pk, "name": "W", "url": "https://10.0.0.1/", "kinds": ["ticket.received"]}
    answer = cast.client_of("kari").post("/webhooks/add/", form)
    assert answer.status_code == 422
    assert "10.0.0.1" in answer.content.decode()


def test_the_page_shows_what_was_sent_and_sends_it_again(
    made: NewWebhook, cast: Cast, receiver: Receiver, report: Callable[[], Ticket], drain: Callable[[], object]
) -> None:
    receiver.answers = [500, 200]
    report()
    drain()
    for delivery_id in claim_due():
        deliver(delivery_id)
    browser, address = cast.client_of("kari"), f"/webhooks/{made.webhook.pk}/"
    page = browser.get(address).content.decode()
    assert "500" in page
    delivery = Delivery.objects.get()
    browser.post(f"{address}deliveries/{delivery.pk}/resend/")
    for delivery_id in claim_due():
        deliver(delivery_id)
    assert delivery.message in browser.get(f"{address}?state=delivered").content.decode()
    assert delivery.message not in browser.get(f"{address}?state=failed").content.decode()


def test_it_is_turned_off_changed_tried_and_turned_on_from_the_page(made: NewWebhook, cast: Cast) -> None:
    browser, address = cast.client_of("kari"), f"/webhooks/{made.webhook.pk}/"
    browser.post(f"{address}disable/", {"reason": "Moves house"})
    assert "Moves house" in browser.get(address).content.decode()
    assert browser.post(f"{address}trial/").status_code == 409
    browser.post(f"{address}enable/")
    browser.post(f"{address}trial/")
    assert Delivery.objects.get().kind == "webhook.trial"
    changed = {"name": "Shop", "url": made.webhook.url, "kinds": ["task.moved"]}
    assert browser.post(address, changed).status_code == 302
    made.webhook.refresh_from_db()
    assert (made.webhook.name, made.webhook.kinds) == ("Shop", ["task.moved"])


def test_who_installed_a_release_is_told_when_it_is_withdrawn(
    cast: Cast, tmp_path: Path, drain: Callable[[], object]
) -> None:
    release = make_world(cast, tmp_path).published("1.1")
    report_installation(
        actor=cast.actor("olena"), team=cast.north, release=release, hardware=cast.rev_a, installed_at=clock.now()
    )
    drain()
    withdraw_release(actor=cast.actor("kari"), release=release, reason="Eats batteries")
    drain()
    assert set(Notice.objects.values_list("user__username", flat=True)) == {"olena", "bohdan"}
    browser = cast.client_of("olena")
    page = browser.get("/notices/").content.decode()
    assert "Eats batteries" in page
    notice = Notice.objects.get(user=cast.olena)
    answer = browser.post("/notices/read/", {"notice": notice.pk, "next": notice.url})
    assert answer["Location"] == notice.url
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert Notice.objects.filter(read_at=None).count() == 1


def test_a_notice_leads_nowhere_else(cast: Cast) -> None:
    answer = cast.client_of("olena").post("/notices/read/", {"next": "https://evil.example/"})
    assert answer["Location"] == "/notices/"


def test_pages_ask_little_of_the_database(
    made: NewWebhook, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = cast.client_of("kari")
    for address, most in [("/webhooks/", 8), (f"/webhooks/{made.webhook.pk}/", 9), ("/notices/", 8)]:
        with django_assert_max_num_queries(most):
            assert browser.get(address).status_code == 200

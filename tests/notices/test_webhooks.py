"""Webhooks out, end to end: from an entry of the journal to a real receiver that checks the signature."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_django import Settings
from standardwebhooks import Webhook as Verifier

from foundation.catalogue.models import Programme
from foundation.kit import clock
from foundation.kit.errors import Conflict, Forbidden, Invalid
from frontline_feedback.models import Ticket
from rnd.notices import tasks
from rnd.notices.actions.add_webhook import NewWebhook, add_webhook
from rnd.notices.actions.disable_webhook import disable_webhook
from rnd.notices.actions.enable_webhook import enable_webhook
from rnd.notices.actions.resend_delivery import resend_delivery
from rnd.notices.actions.rotate_key import rotate_key
from rnd.notices.actions.send_trial import send_trial
from rnd.notices.delivering import claim_due, deliver
from rnd.notices.models import Delivery, Notice, Webhook
from tests.cast import Cast
from tests.notices.receiver import Receiver

pytestmark = pytest.mark.django_db(transaction=True)
Report = Callable[[], Ticket]
Drain = Callable[[], object]


def send_due() -> None:
    for delivery_id in claim_due():
        deliver(delivery_id)


def test_a_report_reaches_the_receiver_signed_and_thin(
    made: NewWebhook, receiver: Receiver, report: Report, drain: Drain
) -> None:
    ticket = report()
    drain()
    send_due()
    (got,) = receiver.got
    Verifier(made.key).verify(got.body, got.headers)  # an independent implementation of the standard
    told = json.loads(got.body)
    assert told["type"] == "ticket.received"
    assert told["data"]["subject"] == {"type": "ticket", "id": ticket.pk, "url": f"/{ticket.key}"}
    assert ticket.title not in got.body
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts.get().status) == ("delivered", 204)


def test_what_is_delivered_is_not_sent_again_and_entries_read_twice_make_one_message(
    made: NewWebhook, receiver: Receiver, report: Report, drain: Drain
) -> None:
    from foundation.journal.models import Entry
    from rnd.notices.consumers import tell_webhooks

    report()
    drain()
    tell_webhooks(list(Entry.objects.filter(kind="ticket.received")))
    send_due()
    send_due()
    assert len(receiver.got) == 1


def test_only_the_chosen_kinds_of_the_own_programme_are_told(
    made: NewWebhook, cast: Cast, receiver: Receiver, report: Report, drain: Drain
) -> None:
    Webhook.objects.filter(pk=made.webhook.pk).update(programme=cast.foreign_programme)
    report()
    drain()
    assert not Delivery.objects.exists()


def test_a_failure_is_tried_again_later_with_the_same_message(
    made: NewWebhook, receiver: Receiver, report: Report, drain: Drain
) -> None:
    receiver.answers = [503, 302, 200]
    report()
    drain()
    now = clock.now()
    for hours in (0, 1, 2):
        with clock.at(now + timedelta(hours=hours)):
            send_due()
    delivery = Delivery.objects.get()
    assert [attempt.status for attempt in delivery.attempts.order_by("pk")] == [503, 302, 200]
    assert delivery.state == "delivered"
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 1


def test_a_delivery_whose_worker_died_is_due_again(made: NewWebhook, report: Report, drain: Drain) -> None:
    report()
    drain()
    (claimed,) = claim_due()
    assert claim_due() == []
    with clock.at(clock.now() + timedelta(minutes=3)):
        assert claim_due() == [claimed]


def test_a_receiver_that_is_gone_is_turned_off_and_its_keeper_told(
    made: NewWebhook, cast: Cast, receiver: Receiver, report: Report, drain: Drain
) -> None:
    receiver.answers = [410]
    report()
    drain()
    send_due()
    made.webhook.refresh_from_db()
    assert made.webhook.disabled_at is not None
    assert Delivery.objects.get().state == "failed"
    drain()
    assert Notice.objects.get().user == cast.kari
    page = cast.client_of("kari").get("/notices/").content.decode()
    assert "Workshop" in page
    assert "410" in page


def test_a_receiver_that_fails_for_days_is_given_up(
    made: NewWebhook, receiver: Receiver, report: Report, drain: Drain
) -> None:
    receiver.answers = [500]
    report()
    drain()
    now = clock.now()
    for day in range(12):
        with clock.at(now + timedelta(days=2 * day)):
            send_due()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts_made) == ("failed", 10)
    made.webhook.refresh_from_db()
    assert "10" in made.webhook.disabled_reason


def test_what_waits_while_a_webhook_is_off_goes_out_when_it_is_on(
    made: NewWebhook, cast: Cast, receiver: Receiver, report: Report, drain: Drain
) -> None:
    report()
    drain()
    disable_webhook(actor=cast.actor("kari"), webhook=made.webhook, reason="Moves house")
    send_due()
    assert receiver.got == []
    with pytest.raises(Conflict, match="turned off"):
        send_trial(actor=cast.actor("kari"), webhook=made.webhook)
    enable_webhook(actor=cast.actor("kari"), webhook=made.webhook)
    send_due()
    assert len(receiver.got) == 1


def test_messages_are_signed_with_both_keys_while_the_receiver_changes_over(
    made: NewWebhook, cast: Cast, receiver: Receiver
) -> None:
    new = rotate_key(actor=cast.actor("kari"), webhook=made.webhook)
    send_trial(actor=cast.actor("kari"), webhook=made.webhook)
    send_due()
    for key in (made.key, new):
        Verifier(key).verify(receiver.got[0].body, receiver.got[0].headers)
    with clock.at(clock.now() + timedelta(days=3)):
        send_trial(actor=cast.actor("kari"), webhook=made.webhook)
        send_due()
    assert len(receiver.got[0].headers["webhook-signature"].split()) == 2
    assert len(receiver.got[1].headers["webhook-signature"].split()) == 1


def test_a_message_is_sent_again_by_hand(
    made: NewWebhook, cast: Cast, receiver: Receiver, report: Report, drain: Drain
) -> None:
    report()
    drain()
    send_due()
    resend_delivery(actor=cast.actor("kari"), delivery=Delivery.objects.get())
    send_due()
    assert receiver.got[0].body == receiver.got[1].body
    assert Delivery.objects.get().attempts.count() == 2


def test_the_workers_tasks_are_these_verbs() -> None:
    assert {tasks.send_due.name, tasks.send.name} == {"notices.send_due", "notices.send"}


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.org/hook", "webhook.url_wrong"),
        ("https://user:secret@example.org/", "webhook.url_wrong"),
        ("ftp://example.org/", "webhook.url_wrong"),
        ("nonsense", "webhook.url_wrong"),
        ("https://127.0.0.1/", "webhook.url_private"),
        ("https://[::1]/", "webhook.url_private"),
        ("https://169.254.169.254/latest/meta-data/", "webhook.url_private"),
    ],
)
def test_an_address_that_must_not_be_is_refused(cast: Cast, url: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        add_webhook(actor=cast.actor("kari"), programme=cast.programme, name="X", url=url, kinds=["ticket.received"])
    assert refused.value.code == code


@pytest.mark.parametrize("kinds", [[], ["ticket.exploded"], ["webhook.added"]])
def test_a_webhook_is_told_something_that_there_is(cast: Cast, receiver: Receiver, kinds: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        add_webhook(actor=cast.actor("kari"), programme=cast.programme, name="X", url=receiver.url, kinds=kinds)
    assert refused.value.code == "webhook.kinds_wrong"


def test_a_private_address_is_refused_at_sending_too(
    made: NewWebhook, receiver: Receiver, report: Report, drain: Drain, settings: Settings
) -> None:
    settings.FIELDLOOP_WEBHOOK_PRIVATE_HOSTS = []
    report()
    drain()
    send_due()
    assert receiver.got == []
    assert "127.0.0.1" in Delivery.objects.get().attempts.get().error


def test_the_key_does_not_stand_in_the_database(made: NewWebhook) -> None:
    assert made.key not in made.webhook.secrets.get().sealed


def test_an_engineer_adds_none(cast: Cast, receiver: Receiver) -> None:
    programme: Programme = cast.programme
    with pytest.raises(Forbidden):
        add_webhook(
            actor=cast.actor("magnus"),
            programme=programme,
            name="X",
            url=receiver.url,
            kinds=["ticket.received"],
        )

"""Mails about paused rollouts: to those named, once each, in their language, and again where the server failed."""

from __future__ import annotations

import socket
import time
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

import pytest
from django.core import mail
from pytest_django import Settings

from foundation.accounts.models import User
from foundation.kit import clock
from releases.rollouts.actions.pause_rollout import pause_rollout
from releases.rollouts.mailing import MOST_TRIES, mail_due
from releases.rollouts.models import Telling
from tests.rollouts.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(world: World) -> Telling:
    """Henrik has an address, Magnus has none."""
    User.objects.filter(pk=world.cast.henrik.pk).update(email="henrik@example.org")
    rollout = world.start()
    pause_rollout(actor=world.cast.actor("kari"), rollout=rollout, reason="A report comes in")
    return Telling.objects.get(user=world.cast.henrik)


def test_each_is_mailed_once(told: Telling, settings: Settings) -> None:
    settings.EMAIL_URL = "smtp://mail.example"
    settings.PUBLIC_URL = "https://loop.example/"
    assert mail_due() == 1
    assert mail_due() == 0
    (sent,) = mail.outbox
    assert sent.to == ["henrik@example.org"]
    assert sent.subject == "The rollout of Autopilot 2.0 → fleet is paused"
    assert sent.body == f"A report comes in\n\nhttps://loop.example{told.rollout.get_absolute_url()}"
    told.refresh_from_db()
    assert told.mailed_at is not None
    assert not Telling.objects.filter(next_mail_at__isnull=False).exists(), "nobody waits for a mail without an address"


def test_without_a_mail_server_nothing_is_tried(told: Telling, settings: Settings) -> None:
    settings.EMAIL_URL = ""
    assert mail_due() == 0
    told.refresh_from_db()
    assert (told.tries, told.mailed_at) == (0, None)


def test_a_server_that_fails_is_asked_again_later_and_not_for_ever(
    told: Telling, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_URL = "smtp://mail.example"

    def refuse(*_args: Any, **_more: Any) -> int:
        raise SMTPException("busy")

    monkeypatch.setattr("releases.rollouts.mailing.send_mail", refuse)
    moment = clock.now()
    for _try in range(MOST_TRIES):
        with clock.at(moment):
            assert mail_due() == 0
            assert mail_due() == 0, "not before its wait is over"
        told.refresh_from_db()
        moment += timedelta(days=2)
    assert (told.tries, told.next_mail_at, told.mailed_at) == (MOST_TRIES, None, None)


def test_a_server_that_never_answers_is_given_up_and_asked_again_later(
    world: World, told: Telling, settings: Settings
) -> None:
    User.objects.filter(pk=world.cast.magnus.pk).update(email="magnus@example.org")
    settings.EMAIL_URL, settings.EMAIL_TIMEOUT = "smtp://127.0.0.1", 0.5
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    due = Telling.objects.filter(next_mail_at__isnull=False).count()
    assert due > 1
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        began = time.monotonic()
        assert mail_due() == 0
        assert 0.5 <= time.monotonic() - began < 10
    assert Telling.objects.filter(tries=1, mailed_at=None).count() == 1, "the others are not even tried"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with clock.at(clock.now() + timedelta(hours=1)):
        assert mail_due() == 2
    assert {one.to[0] for one in mail.outbox} == {"henrik@example.org", "magnus@example.org"}

"""The digest goes out to whoever can be reached: what is refused, cannot be made or is not answered holds up nobody."""

from __future__ import annotations

import runpy
import socket
import time
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from foundation.catalogue.models import Programme
from foundation.kit import clock
from foundation.kit.mailing import OutOfReach
from rnd.cycles import digest
from rnd.cycles.actions import read_digest
from tests.cast import Cast
from tests.cycles.digests import MONDAY, MailServer, address


@pytest.mark.django_db
@pytest.mark.parametrize("bad", ["solveig@refused.example", "solveig@refused.example\nBcc: all@refused.example"])
def test_a_mail_that_cannot_go_out_holds_up_nobody(
    cast: Cast, smtp: MailServer, caplog: pytest.LogCaptureFixture, bad: str
) -> None:
    smtp.refused.add("@refused.example")
    for name, email in (("ingrid", "ingrid@example.org"), ("solveig", bad), ("olena", "olena@example.org")):
        address(getattr(cast, name), email)
        read_digest(actor=cast.actor(name), programme=cast.programme, wanted=True)
    with clock.at(MONDAY):
        assert [digest.send_due(), digest.send_due()] == [2, 0]
    assert [mail["To"] for mail in smtp.mails()] == ["ingrid@example.org", "olena@example.org"]
    said = [record.getMessage() for record in caplog.records if record.name == "rnd.cycles.digest"]
    assert len(said) == 2, "it is tried again at the next run"
    assert all(f"account {cast.solveig.pk} " in line for line in said)
    assert "refused.example" not in caplog.text
    address(cast.solveig, "solveig@example.org")
    with clock.at(MONDAY):
        assert [digest.send_due(), digest.send_due()] == [1, 0]
    assert smtp.mails()[2]["To"] == "solveig@example.org"


@pytest.mark.django_db
def test_a_mail_that_cannot_be_made_holds_up_nobody(
    cast: Cast, smtp: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    for name, programme in (("ingrid", cast.programme), ("roman", cast.foreign_programme), ("olena", cast.programme)):
        address(getattr(cast, name), f"{name}@example.org")
        read_digest(actor=cast.actor(name), programme=programme, wanted=True)
    # A time zone that this machine does not know (any more).
    Programme.objects.filter(pk=cast.foreign_programme.pk).update(time_zone="Europe/Atlantis")
    with clock.at(MONDAY):
        assert [digest.send_due(), digest.send_due()] == [2, 0]
    assert [mail["To"] for mail in smtp.mails()] == ["ingrid@example.org", "olena@example.org"]
    said = [record for record in caplog.records if record.name == "rnd.cycles.digest"]
    assert [record.levelname for record in said] == ["ERROR", "ERROR"], "it is tried again at the next run"
    assert all(f"account {cast.roman.pk} could not be made" in record.getMessage() for record in said)
    assert caplog.text.count("Traceback (most recent call last)") >= 2
    assert "No time zone found with key Europe/Atlantis" in caplog.text
    Programme.objects.filter(pk=cast.foreign_programme.pk).update(time_zone="Europe/Kyiv")
    with clock.at(MONDAY):
        assert [digest.send_due(), digest.send_due()] == [1, 0]
    assert smtp.mails()[2]["To"] == "roman@example.org"


@pytest.mark.django_db
def test_where_the_server_cannot_be_reached_all_wait(cast: Cast, smtp: MailServer, settings: Settings) -> None:
    address(cast.solveig, "solveig@example.org")
    read_digest(actor=cast.actor("solveig"), programme=cast.programme, wanted=True)
    there = settings.EMAIL_PORT
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings.EMAIL_PORT = closed.getsockname()[1]
    with clock.at(MONDAY):
        with pytest.raises(OutOfReach, match="ConnectionRefusedError"):
            digest.send_due()
        settings.EMAIL_PORT = there
        assert digest.send_due() == 1
    assert len(smtp.got) == 1


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that lets everybody connect and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.mark.django_db
def test_a_server_that_never_answers_is_given_up_and_asked_again_later(
    cast: Cast, smtp: MailServer, silent: int, settings: Settings
) -> None:
    for name in ("solveig", "ingrid"):
        address(getattr(cast, name), f"{name}@example.org")
        read_digest(actor=cast.actor(name), programme=cast.programme, wanted=True)
    there, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = settings.EMAIL_PORT, silent, 0.5
    with clock.at(MONDAY):
        began = time.monotonic()
        with pytest.raises(OutOfReach):
            digest.send_due()
        assert 0.5 <= time.monotonic() - began < 5
        refused = cast.client_of("solveig").post("/reports/digest/send/", {"programme": "sokil"})
        assert refused.status_code == 503
        settings.EMAIL_PORT = there
        assert digest.send_due() == 2
    assert {mail["To"] for mail in smtp.mails()} == {"solveig@example.org", "ingrid@example.org"}


@pytest.mark.django_db
def test_one_mail_over_which_the_server_falls_silent_holds_up_nobody(
    cast: Cast, smtp: MailServer, settings: Settings
) -> None:
    settings.EMAIL_TIMEOUT = 0.5
    smtp.mute.add("solveig@")
    for name in ("solveig", "ingrid"):
        address(getattr(cast, name), f"{name}@example.org")
        read_digest(actor=cast.actor(name), programme=cast.programme, wanted=True)
    with clock.at(MONDAY):
        assert digest.send_due() == 1
        smtp.mute.clear()
        assert digest.send_due() == 1
    assert [mail["To"] for mail in smtp.mails()] == ["ingrid@example.org", "solveig@example.org"]


def test_the_time_to_wait_for_an_answer_can_be_set(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def read() -> object:
        return runpy.run_path(str(settings.BASE_DIR / "rnd/settings.py"))["EMAIL_TIMEOUT"]

    monkeypatch.delenv("MAIL_TIMEOUT", raising=False)
    assert read() == 10
    monkeypatch.setenv("MAIL_TIMEOUT", "2.5")
    assert read() == 2.5

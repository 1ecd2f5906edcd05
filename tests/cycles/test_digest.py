"""The weekly digest by mail: what it says, to whom it goes, and that a real SMTP server gets it whole."""

from __future__ import annotations

import re
import runpy
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from typing import Any

import pytest
from django.utils import translation
from pytest_django import Settings

from foundation.catalogue.models import Programme
from foundation.kit import clock, wording
from foundation.kit.mailing import OutOfReach
from rnd.cycles import digest
from rnd.cycles.actions import project_tickets, read_digest, set_service_level
from rnd.cycles.models import DigestReader
from tests.cast import Cast
from tests.cycles.world import DAY0, quick_loop

MONDAY = datetime(2026, 5, 11, 7, 0, tzinfo=UTC)
HOUR = 3_600_000_000


class _Session(socketserver.StreamRequestHandler):
    """Speaks as much SMTP (RFC 5321) as a client needs to hand over a mail."""

    server: _Server

    def handle(self) -> None:
        self._say("220 test ESMTP")
        to: list[str] = []
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].upper()
            if verb == "RCPT":
                if any(refused in line for refused in self.server.refused):
                    self._say(f"550 no mailbox for {line}")
                    continue
                if any(mute in line for mute in self.server.mute):
                    self.server.over.wait()
                    return
                to.append(line)
            if verb == "DATA":
                self._say("354 go on")
                self.server.got.append((to, self._body()))
            if verb == "QUIT":
                self._say("221 bye")
                return
            self._say("250 OK")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def _body(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.got: list[tuple[list[str], bytes]] = []
        self.refused: set[str] = set()
        # Of mails to these, it says nothing any more.
        self.mute: set[str] = set()
        self.over = threading.Event()

    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(body, policy=policy.default) for _to, body in self.got]


@pytest.fixture
def smtp(settings: Settings) -> Iterator[_Server]:
    with _Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_URL = "smtp://127.0.0.1"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address[:2]
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.PUBLIC_URL = "https://fieldloop.example"
        yield server
        server.over.set()
        server.shutdown()


def loops(cast: Cast) -> None:
    """A dozen loops of nine to twenty hours that finished in the week before MONDAY, and an open one about to miss."""
    set_service_level(actor=cast.actor("solveig"), programme=cast.programme, severity="S2", days=10)
    began = MONDAY - timedelta(days=5)
    tickets = [quick_loop(cast, seen=began, lengths=[HOUR + number] * 9, severity="S2") for number in range(12)]
    late = [
        quick_loop(cast, seen=DAY0, lengths=[24 * HOUR * 2] * 9, severity="S2", title=f"Slow {n}") for n in range(12)
    ]
    still = quick_loop(
        cast, seen=MONDAY - timedelta(days=9), lengths=[HOUR] * 4, end="open", severity="S2", title="Motor hot"
    )
    project_tickets(ticket_ids=[ticket.pk for ticket in [*tickets, *late, still]])


def address(user: Any, email: str, language: str = "") -> None:
    user.email, user.language = email, language
    user.save(update_fields=["email", "language"])


@pytest.mark.django_db
def test_a_real_server_gets_text_and_html_in_the_readers_language(cast: Cast, smtp: _Server) -> None:
    loops(cast)
    address(cast.solveig, "solveig@example.org", "uk")
    with clock.at(MONDAY):
        digest.mail(cast.solveig, cast.programme).send()
        in_english = digest.mail(cast.ingrid, cast.programme)
    (got,) = smtp.mails()
    assert got["To"] == "solveig@example.org"
    text, web = got.get_body(("plain",)), got.get_body(("html",))
    assert text is not None
    assert web is not None
    assert "https://fieldloop.example/reports/?" in text.get_content()
    assert '<html lang="uk">' in web.get_content()
    with clock.at(MONDAY), translation.override("uk"):
        last, as_of = wording.day(MONDAY.date() - timedelta(days=1)), wording.exact(MONDAY)
    assert got["Subject"].endswith(last)
    for body in (text.get_content(), web.get_content()):
        assert last in body
        assert as_of in body
    assert "Motor hot" in text.get_content()
    assert "Motor hot" in web.get_content()
    assert "n = 12" in in_english.body
    assert "9 h" in in_english.body
    assert "definition 1 of the cycle clock" in in_english.body
    assert "About to miss the service level" in in_english.body
    assert "<" not in in_english.body.replace("< ", "")


@pytest.mark.django_db
def test_each_reader_gets_one_a_week(cast: Cast, smtp: _Server) -> None:
    address(cast.solveig, "solveig@example.org")
    read_digest(actor=cast.actor("solveig"), programme=cast.programme, wanted=True)
    with clock.at(MONDAY):
        assert [digest.send_due(), digest.send_due()] == [1, 0]
    with clock.at(MONDAY + timedelta(days=6)):
        assert digest.send_due() == 0
    with clock.at(MONDAY + timedelta(days=7)):
        assert digest.send_due() == 1
    assert len(smtp.got) == 2
    assert read_digest(actor=cast.actor("solveig"), programme=cast.programme, wanted=False)
    assert not DigestReader.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("bad", ["solveig@refused.example", "solveig@refused.example\nBcc: all@refused.example"])
def test_a_mail_that_cannot_go_out_holds_up_nobody(
    cast: Cast, smtp: _Server, caplog: pytest.LogCaptureFixture, bad: str
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
    cast: Cast, smtp: _Server, caplog: pytest.LogCaptureFixture
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
def test_where_the_server_cannot_be_reached_all_wait(cast: Cast, smtp: _Server, settings: Settings) -> None:
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
    cast: Cast, smtp: _Server, silent: int, settings: Settings
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
    cast: Cast, smtp: _Server, settings: Settings
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


@pytest.mark.django_db
def test_without_a_mail_server_nobody_is_promised_a_mail(cast: Cast, smtp: _Server, settings: Settings) -> None:
    client = cast.client_of("solveig")
    address(cast.solveig, "solveig@example.org")
    read_digest(actor=cast.actor("solveig"), programme=cast.programme, wanted=True)
    settings.EMAIL_URL = ""
    for path in ("send", "set"):
        refused = client.post(f"/reports/digest/{path}/", {"programme": "sokil", "wanted": "1"})
        assert refused.status_code == 409
        assert b"EMAIL_URL" in refused.content
    page = client.get("/reports/digest/").content.decode()
    assert "EMAIL_URL" in page
    assert "Send it to me now" not in page
    assert client.post("/reports/digest/set/", {"programme": "sokil", "wanted": "0"}).status_code == 302
    read_digest(actor=cast.actor("solveig"), programme=cast.programme, wanted=True)
    with clock.at(MONDAY):
        assert digest.send_due() == 0
        settings.EMAIL_URL = "smtp://127.0.0.1"
        assert digest.send_due() == 1, "the week was not taken for sent"


@pytest.mark.django_db
def test_every_link_opens_where_the_public_address_ends_in_a_slash(
    cast: Cast, smtp: _Server, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    loops(cast)
    monkeypatch.setenv("PUBLIC_URL", "http://localhost:8124/")
    settings.PUBLIC_URL = runpy.run_path(str(settings.BASE_DIR / "rnd/settings.py"))["PUBLIC_URL"]
    with clock.at(MONDAY):
        message = digest.mail(cast.solveig, cast.programme)
    (web, _kind) = message.alternatives[0]
    links = {unescape(link) for link in re.findall(r'href="([^"]+)"', str(web))}
    links |= set(re.findall(r"https?://\S+", str(message.body)))
    assert len(links) == 3
    for link in links:
        path = link.removeprefix("http://localhost:8124")
        assert path.startswith("/")
        assert not path.startswith("//")
        assert cast.client_of("solveig").get(path).status_code == 200, link


@pytest.mark.django_db
def test_it_can_be_had_at_once(cast: Cast, smtp: _Server) -> None:
    client = cast.client_of("solveig")
    address(cast.solveig, "")
    assert client.post("/reports/digest/send/", {"programme": "sokil"}).status_code == 422
    assert client.post("/reports/digest/set/", {"programme": "sokil", "wanted": "1"}).status_code == 422
    address(cast.solveig, "solveig@example.org")
    assert client.post("/reports/digest/send/", {"programme": "sokil"}).status_code == 302
    assert len(smtp.got) == 1
    smtp.refused.add("@example.org")
    refused = client.post("/reports/digest/send/", {"programme": "sokil"})
    assert refused.status_code == 503
    assert "solveig@example.org" in refused.content.decode()
    client.post("/reports/digest/set/", {"programme": "sokil", "wanted": "1"})
    assert b"every Monday" in client.get("/reports/digest/").content
    assert client.post("/reports/digest/send/", {"programme": "lastivka"}).status_code == 422

"""The weekly digest by mail: what it says, to whom it goes, and that a real SMTP server gets it whole."""

from __future__ import annotations

import re
import runpy
from datetime import timedelta
from html import unescape

import pytest
from django.utils import translation
from pytest_django import Settings

from foundation.kit import clock, wording
from rnd.cycles import digest
from rnd.cycles.actions import read_digest
from rnd.cycles.models import DigestReader
from tests.cast import Cast
from tests.cycles.digests import MONDAY, MailServer, address, readable_week


@pytest.mark.django_db
def test_a_real_server_gets_text_and_html_in_the_readers_language(cast: Cast, smtp: MailServer) -> None:
    readable_week(cast)
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
def test_each_reader_gets_one_a_week(cast: Cast, smtp: MailServer) -> None:
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
def test_without_a_mail_server_nobody_is_promised_a_mail(cast: Cast, smtp: MailServer, settings: Settings) -> None:
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
    cast: Cast, smtp: MailServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    readable_week(cast)
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
def test_it_can_be_had_at_once(cast: Cast, smtp: MailServer) -> None:
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

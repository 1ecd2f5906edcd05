"""The page on which a field team reports: what it remembers, what it refuses, where it leads."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from frontline_feedback.models import Attachment, Ticket
from tests.cast import Cast
from tests.frontline_feedback.world import (
    installed,
    kinds,
    release,
    report,
)

pytestmark = pytest.mark.django_db


def form(cast: Cast, **changes: object) -> dict[str, object]:
    return {
        "client_uuid": str(uuid4()),
        "as_of": "2026-03-01T12:00:00+00:00",
        "title": "Loses position",
        "severity": "S1",
        "team": cast.north.pk,
        "platform": cast.platform.pk,
        "component": cast.autopilot.pk,
        "seen": "60",
    } | changes


def photo_with_position() -> bytes:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010F] = "SecretCamera"
    target = BytesIO()
    Image.new("RGB", (40, 30), "green").save(target, "JPEG", exif=exif)
    return target.getvalue()


def test_a_report_leads_to_what_happens_next(cast: Cast) -> None:
    client = cast.client_of("olena")
    response = client.post("/report/", form(cast))
    ticket = Ticket.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/report/{ticket.key}")
    assert ticket.seen_at == datetime(2026, 3, 1, 11, tzinfo=UTC)
    page = client.get(response["Location"].lower())
    assert f"{ticket.key} has arrived" in page.content.decode()
    assert f'data-sent-uuid="{ticket.client_uuid}"' in page.content.decode()


def test_a_report_sent_twice_makes_one_ticket(cast: Cast) -> None:
    client = cast.client_of("olena")
    sent = form(cast)
    assert client.post("/report/", sent)["Location"] == client.post("/report/", sent)["Location"]
    response = client.post("/report/", sent | {"title": "Another"})
    assert response.status_code == 422
    assert "was sent before with another report" in response.content.decode()
    assert Ticket.objects.count() == 1


def test_another_time_is_read_from_the_clock_of_the_device(cast: Cast) -> None:
    client = cast.client_of("olena")
    exact = {"seen": "exact", "seen_exact": "2026-02-27T09:30"}
    for zone, hour in (("Europe/Kyiv", 7), ("UTC", 9), ("", 9), ("Nowhere/City", 9)):
        client.post("/report/", form(cast, **exact, zone=zone))
        assert Ticket.objects.latest("pk").seen_at == datetime(2026, 2, 27, hour, 30, tzinfo=UTC)
    response = client.post("/report/", form(cast, seen="exact"))
    assert "Say when" in response.content.decode()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"title": ""}, "This field is required"),
        ({"severity": ""}, "This field is required"),
        ({"as_of": "2126-01-01T00:00:00+00:00"}, "is more than a day ahead"),
        ({"as_of": "0001-01-01T00:00:00+00:00", "seen": "1440"}, "This date cannot be right"),
        ({"seen": "exact", "seen_exact": "0001-01-01T00:00"}, "This date cannot be right"),
        ({"component": 0}, "is not one of the choices"),
        ({"title": "x" * 201}, "at most 200 characters"),
    ],
)
def test_what_is_wrong_stands_at_the_field(cast: Cast, changes: dict[str, object], says: str) -> None:
    response = cast.client_of("olena").post("/report/", form(cast, **changes))
    assert response.status_code == 422
    assert says in response.content.decode()
    assert not Ticket.objects.exists()


def test_the_form_remembers_the_last_report_and_the_version_that_is_flown(cast: Cast) -> None:
    client = cast.client_of("olena")
    fresh = client.get("/report/").content.decode()
    assert 'id="report-about" open' in fresh
    report(cast, hardware=cast.rev_b, component=cast.radio)
    installed(release(cast.radio, "4.0.2"), cast.north, cast.rev_a)
    installed(release(cast.autopilot, "2.2.1"), cast.north, cast.rev_a)
    again = client.get("/report/").content.decode()
    assert "Quad 10 · Radio link" in again
    assert 'value="4.0.2"' in again
    assert f'<option value="{cast.rev_b.pk}" selected>' in again


def test_another_component_brings_its_version_but_keeps_a_typed_one(cast: Cast) -> None:
    client = cast.client_of("olena")
    installed(release(cast.autopilot, "2.2.1"), cast.north, cast.rev_a)
    about = {"team": cast.north.pk, "platform": cast.platform.pk, "component": cast.autopilot.pk}
    part = client.get("/report/about/", about).content.decode()
    assert 'name="version_text" value="2.2.1"' in part
    assert "<html" not in part
    typed = client.get("/report/about/", about | {"version_text": "2.9-test", "suggested": "4.0.2"}).content.decode()
    assert 'name="version_text" value="2.9-test"' in typed
    suggested = client.get("/report/about/", about | {"version_text": "4.0.2", "suggested": "4.0.2"}).content.decode()
    assert 'name="version_text" value="2.2.1"' in suggested


@pytest.mark.parametrize("asked", [{"platform": "x"}, {"platform": "999999"}, {"component": "²"}, {"team": "-1"}])
def test_nonsense_in_the_address_chooses_nothing(cast: Cast, asked: dict[str, str]) -> None:
    assert cast.client_of("olena").get("/report/about/", asked).status_code == 200


def test_a_foreign_programme_is_not_offered(cast: Cast) -> None:
    page = cast.client_of("olena").get("/report/").content.decode()
    assert "Wing" not in page
    response = cast.client_of("olena").post("/report/", form(cast, component=cast.foreign_component.pk))
    assert response.status_code == 422


def test_a_triager_chooses_the_team(cast: Cast) -> None:
    client = cast.client_of("ingrid")
    page = client.get("/report/").content.decode()
    assert "North" in page
    assert "East" in page
    assert "West" not in page
    client.post("/report/", form(cast, team=cast.east.pk))
    assert Ticket.objects.get().team == cast.east


def test_photos_come_along_and_lose_their_metadata(cast: Cast) -> None:
    client = cast.client_of("olena")
    photo = SimpleUploadedFile("fault <1>.jpg", photo_with_position(), "image/jpeg")
    log = SimpleUploadedFile("flight.log", b"t=1 gps=lost\n", "text/plain")
    bad = SimpleUploadedFile("virus.exe", b"MZ", "application/octet-stream")
    response = client.post("/report/", form(cast, photos=[photo, log, bad]), follow=True)
    ticket = Ticket.objects.get()
    assert "virus.exe" in response.content.decode()
    kept = {attachment.kind: attachment for attachment in Attachment.objects.filter(ticket=ticket)}
    assert kinds(ticket) == ["ticket.received", "ticket.attached", "ticket.attached"]
    sent = client.get(f"/attachments/{kept['photo'].pk}")
    content = b"".join(sent.streaming_content)  # type: ignore[attr-defined]  # a streaming answer
    assert b"SecretCamera" not in content
    assert not Image.open(BytesIO(content)).getexif()
    assert sent["Content-Type"] == "image/jpeg"
    assert sent["Content-Disposition"].startswith("attachment;")
    assert kept["photo"].name == "fault _1_.jpg"
    for who, status in (("bohdan", 200), ("magnus", 200), ("stepan", 404), ("roman", 404), ("liv", 404)):
        assert cast.client_of(who).get(f"/attachments/{kept['log'].pk}").status_code == status, who

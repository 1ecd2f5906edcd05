"""The pages of this room without a browser: what they show to whom, what they lead to, and what they cost."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from foundation.kit import clock
from frontline_feedback import actions
from frontline_feedback.models import Attachment, Ticket, Verdict
from tests.cast import Cast
from tests.frontline_feedback.world import (
    accepted,
    installed,
    kinds,
    offered,
    offered_and_installed,
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


# --- the report ---------------------------------------------------------------------------------


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
        ({"component": 0}, "Select a valid choice"),
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
    content = b"".join(sent.streaming_content)  # type: ignore[attr-defined]
    assert b"SecretCamera" not in content
    assert not Image.open(BytesIO(content)).getexif()
    assert sent["Content-Type"] == "image/jpeg"
    assert sent["Content-Disposition"].startswith("attachment;")
    assert kept["photo"].name == "fault _1_.jpg"
    for who, status in (("bohdan", 200), ("magnus", 200), ("stepan", 404), ("roman", 404), ("liv", 404)):
        assert cast.client_of(who).get(f"/attachments/{kept['log'].pk}").status_code == status, who


# --- the team's tickets -----------------------------------------------------------------------------


def test_my_page_says_in_plain_words_where_everything_stands(cast: Cast) -> None:
    ingrid = cast.actor("ingrid")
    install, verdict = accepted(cast, title="To install"), accepted(cast, title="To judge")
    offered(install, release(cast.autopilot, "2.3.0"))
    offered_and_installed(cast, verdict, "2.4.0")
    report(cast, title="Just in")
    accepted(cast, title="Being worked on")
    rejected = actions.reject_ticket(actor=ingrid, ticket=report(cast, title="Not ours"), reason="Order a cable.")
    other = report(cast, who="stepan", title="Secret of East")
    actions.merge_ticket(actor=ingrid, ticket=report(cast, title="Seen before"), canonical=other)
    page = cast.client_of("bohdan").get("/my/").content.decode()
    for words in (
        "Autopilot 2.3.0 should fix it.",
        "You run Autopilot 2.4.0. Is it fixed?",
        "Received. It will be looked at next.",
        "Accepted. The engineers are on it.",
        "Not taken on: Order a cable.",
        "The same was reported before. Both are followed together.",
    ):
        assert words in page
    assert "Secret of East" not in page
    assert other.key not in page
    actions.reopen_ticket(actor=cast.actor("olena"), ticket=rejected, reason="We have that cable.")
    assert "Order a cable." not in cast.client_of("bohdan").get("/my/").content.decode()


def test_a_verdict_from_my_page_comes_back_to_it(cast: Cast) -> None:
    ticket = accepted(cast)
    shipped = offered_and_installed(cast, ticket)
    client = cast.client_of("olena")
    sent = {"client_uuid": str(uuid4()), "release": shipped.pk, "outcome": "not_fixed", "note": "Same", "next": "/my/"}
    for _ in range(2):
        response = client.post(f"/{ticket.key}/verdict", sent)
        assert (response.status_code, response["Location"]) == (302, "/my/")
        sent["release"] = shipped.pk
    assert Verdict.objects.count() == 1
    assert "The last fix did not hold" in client.get("/my/").content.decode()


# --- triage -----------------------------------------------------------------------------------------


def test_the_inbox_shows_the_most_urgent_first_and_opens_it(cast: Cast) -> None:
    report(cast, title="A wish", severity="S4")
    urgent = report(cast, title="A fire", severity="S1")
    accepted(cast, title="Taken on already")
    page = cast.client_of("ingrid").get("/triage/").content.decode()
    assert page.index("A fire") < page.index("A wish")
    assert "Taken on already" not in page
    assert f'data-ticket="{urgent.key}"' in page
    assert "2 reports wait for a decision." in page


def test_a_decision_leads_to_the_next_report(cast: Cast) -> None:
    first, second, third = report(cast), report(cast), report(cast)
    client = cast.client_of("ingrid")
    page = client.get(f"/triage/{second.key.lower()}").content.decode()
    assert f'name="next" value="/triage/{third.key}"' in page
    response = client.post(f"/{second.key}/accept", {"next": f"/triage/{third.key}"}, follow=True)
    assert f"{second.key} is accepted." in response.content.decode()
    client.post(f"/{third.key}/reject", {"reason": "No", "next": "/triage/"})
    client.post(f"/{first.key}/merge", {"into": second.key.lower(), "next": "/triage/"})
    states = {ticket.pk: (ticket.state, ticket.outcome) for ticket in Ticket.objects.all()}
    assert states == {
        first.pk: ("closed", "duplicate"),
        second.pk: ("accepted", ""),
        third.pk: ("closed", "rejected"),
    }
    assert "Everything is decided" in client.get("/triage/").content.decode()


def test_htmx_gets_the_pane_only(cast: Cast) -> None:
    ticket = report(cast)
    headers = {"HX-Request": "true", "HX-Target": "triage-pane"}
    part = cast.client_of("ingrid").get(f"/triage/{ticket.key}", headers=headers).content.decode()
    assert "<html" not in part
    assert "data-triage" not in part
    assert ticket.title in part


def test_accepting_may_correct_in_the_same_form(cast: Cast) -> None:
    ticket = report(cast, hardware=cast.rev_a)
    sent = {"severity": "S1", "component": cast.radio.pk, "platform": cast.platform.pk, "hardware": ""}
    cast.client_of("kari").post(f"/{ticket.key}/accept", sent)
    after = Ticket.objects.get()
    assert (after.state, after.severity, after.component, after.hardware) == ("accepted", "S1", cast.radio, None)
    cast.client_of("kari").post(f"/{ticket.key}/reclassify", sent | {"severity": "S3", "hardware": cast.rev_b.pk})
    assert (Ticket.objects.get().severity, Ticket.objects.get().hardware) == ("S3", cast.rev_b)


def test_a_refusal_goes_back_and_says_why(cast: Cast) -> None:
    ticket = report(cast)
    client = cast.client_of("ingrid")
    response = client.post(f"/{ticket.key}/reject", {"reason": "", "next": "/triage/"}, follow=True)
    assert "Reason: This field is required." in response.content.decode()
    assert client.post(f"/{ticket.key}/merge", {"into": "FB-0"}).status_code == 404
    client.post(f"/{ticket.key}/accept")
    again = client.post(f"/{ticket.key}/accept")
    assert again.status_code == 409
    assert "is accepted already" in again.content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "x"])
def test_no_verb_leads_out_of_the_house(cast: Cast, target: str) -> None:
    ticket = report(cast)
    response = cast.client_of("olena").post(
        f"/{ticket.key}/comment", {"body": "x", "client_uuid": str(uuid4()), "next": target}
    )
    assert response["Location"] == f"/{ticket.key}"


def test_merge_candidates_resemble_and_can_be_searched(cast: Cast) -> None:
    ticket = report(cast, title="Loses satellites above 120 m")
    alike = report(cast, who="stepan", title="Satellites lost above 100 m")
    other = report(cast, title="The button sticks", component=cast.radio)
    gone = actions.merge_ticket(actor=cast.actor("ingrid"), ticket=report(cast), canonical=alike)
    client = cast.client_of("ingrid")
    page = client.get(f"/{ticket.key}/merge-candidates").content.decode()
    assert alike.title in page
    assert f'value="{ticket.key}"' not in page
    assert f'value="{gone.key}"' not in page
    found = client.get(f"/{ticket.key}/merge-candidates", {"q": "button"}).content.decode()
    assert f'value="{other.key}"' in found
    assert alike.title not in found
    assert "Nothing matches" in client.get(f"/{ticket.key}/merge-candidates", {"q": "helicopter"}).content.decode()


def test_what_people_write_is_shown_safely(cast: Cast) -> None:
    evil = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)> **bold**"
    ticket = report(cast, title="<b>Evil</b>", body=evil, conditions=evil)
    actions.comment_ticket(actor=cast.actor("olena"), ticket=ticket, body=evil)
    page = cast.client_of("ingrid").get(f"/triage/{ticket.key}").content.decode()
    assert page.count("<strong>bold</strong>") == 3
    assert "alert(1)</script>" not in page
    assert "javascript:" not in page
    assert "onerror" not in page
    assert "&lt;b&gt;Evil&lt;/b&gt;" in page


# --- what it costs ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "path", "most"),
    [
        ("olena", "/report/", 22),
        ("olena", "/report/about/?team={team}", 22),
        ("olena", "/my/", 9),
        ("ingrid", "/triage/", 16),
        ("ingrid", "/triage/{key}", 17),
        ("ingrid", "/{key}/merge-candidates", 6),
        ("olena", "/report/{key}", 8),
        ("olena", "/{offered}", 30),
    ],
)
def test_pages_cost_few_queries_however_much_there_is(
    cast: Cast, django_assert_max_num_queries: Any, who: str, path: str, most: int
) -> None:
    with clock.at(datetime(2026, 3, 1, tzinfo=UTC)):
        tickets = [report(cast, hardware=cast.rev_a, seen_at=clock.now()) for _ in range(15)]
        for number in range(3):
            offered_and_installed(cast, accepted(cast, seen_at=clock.now()), f"1.{number}")
    client = cast.client_of(who)
    last = Ticket.objects.latest("pk")
    for number in range(5):
        offered(last, release(last.component, f"2.{number}"))
    address = path.format(key=tickets[0].key, team=cast.north.pk, offered=last.key)
    client.get(address)
    with django_assert_max_num_queries(most):
        assert client.get(address).status_code == 200

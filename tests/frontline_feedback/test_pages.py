"""The pages of this room without a browser: what they show to whom, what they lead to, and what they cost."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from foundation.kit import clock
from frontline_feedback import actions
from frontline_feedback.models import Ticket, Verdict
from tests.cast import Cast
from tests.frontline_feedback.world import (
    accepted,
    offered,
    offered_and_installed,
    release,
    report,
)

pytestmark = pytest.mark.django_db


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


def test_the_form_that_corrects_comes_when_its_dialog_is_opened(cast: Cast) -> None:
    ticket = report(cast, hardware=cast.rev_a)
    client = cast.client_of("kari")
    assert f'hx-get="/{ticket.key}/classification"' in client.get(f"/{ticket.key}").content.decode()
    form = client.get(f"/{ticket.key}/classification", {"next": f"/triage/{ticket.key}"}).content.decode()
    assert f'<option value="{cast.radio.pk}">Radio link</option>' in form
    assert f'<option value="{cast.rev_a.pk}" selected>' in form
    assert f'name="next" value="/triage/{ticket.key}"' in form
    assert "Save and accept" in form
    client.post(f"/{ticket.key}/accept")
    assert "Save and accept" not in client.get(f"/{ticket.key}/classification").content.decode()


def test_the_forms_of_a_page_are_its_own(cast: Cast) -> None:
    first, second = report(cast), report(cast)
    pages = []
    for ticket, who in ((first, "ingrid"), (second, "kari"), (first, "ingrid")):
        client = cast.client_of(who)
        page = client.get(f"/{ticket.key}").content.decode()
        other = second if ticket is first else first
        for verb in ("accept", "reject", "merge", "close", "comment", "attach"):
            assert f'action="/{ticket.key}/{verb}"' in page
        assert f"/{other.key}" not in page
        assert len(set(re.findall(r'name="csrfmiddlewaretoken" value="(\w{64})"', page))) == 1
        pages += re.findall(r'name="client_uuid" value="([0-9a-f-]{36})"', page)
    assert len(set(pages)) == 3


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
        ("ingrid", "/{key}/classification", 9),
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

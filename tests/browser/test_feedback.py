"""The pages of the front and of triage in a real browser: a report in a minute, and decisions by a key each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from foundation.kit import clock
from frontline_feedback import actions
from frontline_feedback.models import Ticket
from tests.browser.support import PHONE, Watch, check_page, path_of, problems, screenshot
from tests.cast import Cast
from tests.frontline_feedback.world import accepted, installed, offered, offered_and_installed, release, report

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[[Any], "Page"]

LONG = (
    "Після зльоту апарат **втрачає супутники** на висоті понад 120 м і зносить його вліво.\n\n"
    "1. Зліт у режимі утримання\n2. Набір висоти\n3. `GPS glitch` кожні 20 с"
)


def busy_world(cast: Cast) -> None:
    """A team's month: something asked, something under way, something over; and an inbox with six reports."""
    ingrid = cast.actor("ingrid")
    now = clock.now()

    def told(hours: int, **changes: Any) -> Ticket:
        with clock.at(now - timedelta(hours=hours)):
            return report(cast, seen_at=now - timedelta(hours=hours + 2), **changes)

    old = told(700, title="Telemetry stops when the camera turns right", severity="S3", component=cast.radio)
    actions.reject_ticket(actor=ingrid, ticket=old, reason="The cable of this revision is too short; order kit 7.")
    waiting = actions.accept_ticket(actor=ingrid, ticket=told(400, title="Motor 3 hot after landing", severity="S1"))
    offered_and_installed(cast, waiting)
    second = actions.accept_ticket(
        actor=ingrid, ticket=told(300, title="No video below 5 °C", severity="S2", component=cast.radio)
    )
    offered(second, release(cast.radio, "4.1.0"))
    actions.accept_ticket(actor=ingrid, ticket=told(90, title="Compass error on every second start", severity="S2"))
    for hours, who, title, severity in (
        (60, "olena", "Дрон втрачає супутники на висоті понад 120 м", "S1"),
        (52, "stepan", "Loses satellites above 120 m", "S2"),
        (30, "stepan", "The arming button needs two presses with gloves", "S4"),
        (9, "olena", "Battery shows 40 % and then the motors stop", "S1"),
        (3, "stepan", "Video freezes for a second every minute or so, more often in the cold and near the river", "S3"),
    ):
        told(hours, who=who, title=title, severity=severity, body=LONG, conditions="−8 °C, вітер 9 м/с",
             version_text="2.2.1", hardware=cast.rev_b)  # fmt: skip


def test_every_page_of_this_room_looks_right(cast: Cast, signed_in: SignedIn) -> None:
    busy_world(cast)
    page = signed_in(cast.olena)
    check_page(page, "/report/", "report")
    check_page(page, "/my/", "my", languages=("uk",))
    mine = Ticket.objects.filter(team=cast.north).latest("pk")
    check_page(page, f"/report/{mine.key}", "reported", languages=("uk",))
    page = signed_in(cast.ingrid)
    check_page(page, "/triage/", "triage", languages=("en",))
    first = Ticket.objects.received().order_by("severity", "pk").first()
    assert first is not None
    check_page(page, f"/triage/{first.key}", "triage-picked", languages=("uk",))


def test_empty_pages_say_what_to_do(cast: Cast, signed_in: SignedIn) -> None:
    check_page(signed_in(cast.olena), "/my/", "my-empty", languages=("en",))
    check_page(signed_in(cast.ingrid), "/triage/", "triage-empty", languages=("en",))


def test_a_report_takes_two_taps_and_a_sentence(cast: Cast, signed_in: SignedIn) -> None:
    report(cast, hardware=cast.rev_b)
    flown = release(cast.autopilot, "2.2.1")
    installed(flown, cast.north, cast.rev_b)
    page = signed_in(cast.olena)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a TypedDict of playwright's own
    page.goto("/report/")
    expect(page.locator("#report-about > summary")).to_contain_text("Quad 10 · Autopilot")
    expect(page.locator("#report-about > summary")).to_contain_text("2.2.1")
    page.get_by_label("What happened?").fill("Battery shows 40 % and the motors stop")
    page.get_by_text("Mission stop").click()
    page.get_by_role("button", name="Send the report").dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text("has arrived")
    ticket = Ticket.objects.latest("pk")
    assert Ticket.objects.count() == 2
    assert path_of(page) == f"/report/{ticket.key}"
    assert (ticket.severity, ticket.release, ticket.hardware) == ("S1", flown, cast.rev_b)
    assert page.evaluate("() => Object.keys(localStorage).filter((key) => key.includes('draft')).length") == 0


def test_what_is_chosen_changes_what_can_be_chosen(cast: Cast, signed_in: SignedIn) -> None:
    installed(release(cast.radio, "4.0.2"), cast.north, cast.rev_a)
    page = signed_in(cast.olena)
    page.goto("/report/")
    page.get_by_label("Component").focus()
    page.get_by_label("Component").select_option(label="Radio link")
    expect(page.get_by_label("Version")).to_have_value("4.0.2")
    expect(page.get_by_label("Component")).to_be_focused()
    page.get_by_label("Hardware revision").select_option(label="B")
    assert not problems(page), "\n".join(problems(page))
    screenshot(page, "report-about-open")


def test_a_draft_outlives_the_page_and_a_lost_connection(cast: Cast, signed_in: SignedIn) -> None:
    report(cast, hardware=cast.rev_a)
    page = signed_in(cast.olena)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a TypedDict of playwright's own
    page.goto("/report/")
    page.get_by_label("What happened?").fill("No video")
    page.get_by_text("Degraded").click()
    page.locator("#report-about > summary").click()
    page.get_by_label("Component").select_option(label="Radio link")
    expect(page.locator("#report-about > summary")).to_contain_text("Radio link")
    page.get_by_label("Hardware revision").select_option(label="B")
    uuid = page.locator("[name=client_uuid]").input_value()
    page.context.set_offline(True)
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("No connection", exact=True)).to_be_visible()
    screenshot(page, "report-offline")
    page.context.set_offline(False)
    page.goto("/report/")
    expect(page.get_by_text("This is your draft")).to_be_visible()
    expect(page.get_by_label("What happened?")).to_have_value("No video")
    expect(page.locator("#report-about > summary")).to_contain_text("Radio link")
    expect(page.get_by_label("Hardware revision")).to_have_value(str(cast.rev_b.pk))
    assert page.locator("[name=client_uuid]").input_value() == uuid
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("has arrived")
    ticket = Ticket.objects.latest("pk")
    assert (str(ticket.client_uuid), ticket.component, ticket.severity) == (uuid, cast.radio, "S2")
    page.goto("/report/")
    expect(page.get_by_label("What happened?")).to_have_value("")


def test_a_draft_can_be_thrown_away(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.olena)
    page.goto("/report/")
    page.get_by_label("What happened?").fill("No video")
    page.goto("/my/")
    page.goto("/report/")
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_label("What happened?")).to_have_value("")
    expect(page.get_by_text("This is your draft")).to_be_hidden()


def test_a_report_with_gaps_comes_back_with_what_is_missing(cast: Cast, signed_in: SignedIn, watch: Watch) -> None:
    page = signed_in(cast.olena)
    page.goto("/report/")
    watch.expect_errors(422)
    page.locator("#report-form").evaluate("(form) => (form.noValidate = true)")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert not problems(page), "\n".join(problems(page))
    screenshot(page, "report-errors")


def test_the_verdict_is_given_where_it_is_asked_for(cast: Cast, signed_in: SignedIn) -> None:
    ticket = accepted(cast)
    offered_and_installed(cast, ticket)
    page = signed_in(cast.olena)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a TypedDict of playwright's own
    page.goto("/my/")
    page.get_by_text("Give your verdict").click()
    page.get_by_text("Not fixed", exact=True).click()
    page.get_by_label("What did you see?").fill("Same as before.")
    assert not problems(page), "\n".join(problems(page))
    screenshot(page, "verdict-open")
    page.get_by_role("button", name="Send the verdict").click()
    expect(page.get_by_text("The last fix did not hold")).to_be_visible()
    assert Ticket.objects.get().pass_number == 2


def test_triage_by_keyboard(cast: Cast, signed_in: SignedIn) -> None:
    a, b, c = (report(cast, title=f"Fault {name}", severity="S2") for name in "abc")
    page = signed_in(cast.ingrid)
    page.goto("/triage/")
    pane = page.locator("#triage-pane")
    expect(pane.get_by_role("heading", level=2).first).to_have_text("Fault a")
    page.keyboard.press("j")
    expect(pane.get_by_role("heading", level=2).first).to_have_text("Fault b")
    assert path_of(page) == f"/triage/{b.key}"
    page.keyboard.press("a")
    expect(page.get_by_text(f"{b.key} is accepted.")).to_be_visible()
    expect(pane.get_by_role("heading", level=2).first).to_have_text("Fault c")
    page.keyboard.press("m")
    page.get_by_label("Find the other report").fill(b.key)
    choice = page.get_by_role("button", name="Fault b")
    expect(choice).to_be_visible()
    expect(page.locator(".candidate")).to_have_count(1)
    screenshot(page, "triage-merge")
    assert not problems(page), "\n".join(problems(page))
    choice.click()
    expect(page.get_by_text(f"{c.key} is merged into {b.key}.")).to_be_visible()
    page.keyboard.press("e")
    page.get_by_role("dialog").get_by_label("Severity").select_option("S1")
    assert not problems(page), "\n".join(problems(page))
    screenshot(page, "triage-correct")
    page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(f"{a.key} is corrected.")).to_be_visible()
    page.keyboard.press("r")
    page.get_by_role("dialog").get_by_label("Reason").fill("Not ours.")
    page.get_by_role("dialog").get_by_role("button", name="Reject").click()
    expect(page.get_by_text("Everything is decided")).to_be_visible()
    assert {t.pk: (t.state, t.outcome) for t in Ticket.objects.all()} == {
        a.pk: ("closed", "rejected"),
        b.pk: ("accepted", ""),
        c.pk: ("closed", "duplicate"),
    }

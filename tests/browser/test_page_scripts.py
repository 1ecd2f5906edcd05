"""What the kit's scripts do on every page: errors told in words, forms sent once, questions asked, times kept true."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.browser.support import Watch

pytestmark = pytest.mark.django_db(transaction=True)

# Stands in for a page of some room: the scripts see only the document.
ADD_FORM = """(attributes) => {
  const form = document.createElement("form");
  Object.entries(attributes).forEach(([name, value]) => form.setAttribute(name, value));
  form.id = "sample";
  form.innerHTML = '<input name="title" aria-label="Title"><button>Send it</button>';
  document.querySelector("main").prepend(form);
  window.htmx.process(form);
}"""


def at_kit(page: Page) -> None:
    page.goto(reverse("kit:kit"))


def test_a_problem_is_told_in_its_own_words(page: Page, watch: Watch) -> None:
    def refuse(route: Route) -> None:
        problem = {"code": "ticket.not_open", "title": "Conflict", "detail": "FB-12 is closed already."}
        route.fulfill(status=409, content_type="application/problem+json", body=json.dumps(problem))

    watch.expect_errors(409)
    page.route("**/act/", refuse)
    at_kit(page)
    page.evaluate(ADD_FORM, {"hx-post": "/act/"})
    page.get_by_role("button", name="Send it").click()
    expect(page.locator(".toast")).to_contain_text("FB-12 is closed already.")


def test_a_refusal_of_ours_is_put_among_the_messages(page: Page, watch: Watch) -> None:
    watch.expect_errors(404)
    at_kit(page)
    page.evaluate(ADD_FORM, {"hx-get": "/nothing/here/"})
    page.get_by_role("button", name="Send it").click()
    expect(page.locator("#messages .note")).to_be_visible()


def test_a_lost_connection_is_told(page: Page, watch: Watch) -> None:
    watch.expect_lost_connection()
    page.route("**/act/", lambda route: route.abort("internetdisconnected"))
    at_kit(page)
    page.evaluate(ADD_FORM, {"hx-post": "/act/"})
    page.get_by_role("button", name="Send it").click()
    expect(page.locator(".toast")).to_contain_text("No connection.")


def test_a_change_carries_the_token(page: Page) -> None:
    seen: list[str] = []

    def accept(route: Route) -> None:
        seen.append(route.request.headers.get("x-csrftoken", ""))
        route.fulfill(status=204)

    page.route("**/act/", accept)
    at_kit(page)
    page.evaluate(ADD_FORM, {"hx-post": "/act/"})
    with page.expect_response("**/act/"):
        page.get_by_role("button", name="Send it").click()
    assert len(seen[0]) > 20


def test_htmx_asks_with_our_own_dialog(page: Page) -> None:
    asked: list[str] = []
    page.route("**/act/", lambda route: (asked.append(route.request.method), route.fulfill(status=204)))  # type: ignore[func-returns-value]  # two calls in one lambda
    at_kit(page)
    page.evaluate(ADD_FORM, {"hx-post": "/act/", "hx-confirm": "Reject FB-12?"})
    page.get_by_role("button", name="Send it").click()
    dialog = page.locator("#confirm-dialog")
    expect(dialog).to_contain_text("Reject FB-12?")
    dialog.get_by_role("button", name="Cancel").click()
    assert asked == []
    page.get_by_role("button", name="Send it").click()
    with page.expect_response("**/act/"):
        dialog.get_by_role("button", name="Continue").click()
    assert asked == ["POST"]


def test_a_form_is_sent_once_however_often_its_button_is_pressed(page: Page) -> None:
    sent: list[str] = []
    held: list[Route] = []

    def hold(route: Route) -> None:
        sent.append(route.request.method)
        held.append(route)

    page.route("**/act/", hold)
    at_kit(page)
    page.evaluate(ADD_FORM, {"action": "/act/", "method": "post"})
    press = "() => { const b = document.querySelector('#sample button'); b.click(); b.click(); return b.className; }"
    assert page.evaluate(press) == "is-busy"
    page.wait_for_timeout(200)
    assert sent == ["POST"]
    held[0].fulfill(status=200, content_type="text/html", body="<!doctype html><title>Done</title>")
    page.wait_for_url("**/act/")


def test_waiting_is_shown_only_when_it_lasts(page: Page) -> None:
    held: list[Route] = []
    page.route("**/act/", lambda route: held.append(route))  # noqa: PLW0108 - it cannot be a method of C
    at_kit(page)
    page.evaluate(ADD_FORM, {"hx-post": "/act/"})
    page.get_by_role("button", name="Send it").click()
    wait = page.locator("#wait")
    expect(wait).to_be_hidden()
    expect(wait).to_be_visible(timeout=5000)
    held[0].fulfill(status=204)
    expect(wait).to_be_hidden()


def test_a_moved_card_stays_where_the_server_accepts_it_and_goes_back_where_not(page: Page, watch: Watch) -> None:
    answers = [204, 409]
    posted: list[str] = []

    def decide(route: Route) -> None:
        posted.append(route.request.post_data or "")
        problem = json.dumps({"detail": "Three tasks are in build already; the limit is three."})
        route.fulfill(status=answers.pop(0), content_type="application/problem+json", body=problem)

    watch.expect_errors(409)
    page.route("**/move/", decide)
    at_kit(page)
    page.evaluate(
        "() => document.querySelectorAll('[data-sortable]').forEach((l) => (l.dataset.sortableUrl = '/move/'))"
    )
    lists = page.locator("[data-sortable]")
    card = lists.nth(0).locator("[data-sortable-id]").first
    key = card.get_attribute("data-sortable-id")
    card.focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(lists.nth(1).locator(f"[data-sortable-id='{key}']:not(.is-saving)")).to_have_count(1)
    assert f"id={key}&column=design&before=" in posted[0]
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(".toast")).to_contain_text("Three tasks are in build already")
    expect(lists.nth(1).locator(f"[data-sortable-id='{key}']")).to_have_count(1)


def test_times_grow_old_while_the_page_is_open(page: Page) -> None:
    page.clock.install()
    at_kit(page)
    just_now = page.locator("time[data-ago]").first
    expect(just_now).to_have_text("just now")
    page.clock.run_for(5 * 60_000)
    expect(just_now).to_have_text("5 minutes ago")


def test_a_hash_is_copied_whole(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    at_kit(page)
    page.locator("[data-copy]").first.click()
    expect(page.locator(".toast")).to_contain_text("Copied")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == "9fceb02d0ae598e95dc970b74767f19372d61af8"


def test_a_menu_closes_when_focus_or_a_press_leaves_it(page: Page) -> None:
    at_kit(page)
    menu = page.locator(".bar details").first
    menu.locator("summary").click()
    expect(menu).to_have_attribute("open", "")
    page.locator("h1").click()
    expect(menu).not_to_have_attribute("open", "")


def test_charts_are_drawn_in_the_colours_of_the_page_without_inline_style(page: Page) -> None:
    at_kit(page)
    expect(page.locator("canvas[data-chart]").first).to_have_js_property("tagName", "CANVAS")
    drawn = "() => [...document.querySelectorAll('canvas[data-chart]')].every((c) => window.Chart.getChart(c))"
    assert page.evaluate(drawn)
    assert page.evaluate("() => window.cspViolations") == []

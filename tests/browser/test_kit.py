"""The page of components in a real browser: accessible, without console errors, and worked by keyboard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.support import PHONE, check_page

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_component_is_accessible_in_both_themes_at_both_widths_and_in_every_language(page: Page) -> None:
    check_page(page, reverse("kit:kit"), "kit", languages=("en", "uk", "nb"))


def test_the_sheet_lists_the_keys_of_the_page(page: Page) -> None:
    page.goto(reverse("kit:kit"))
    page.keyboard.press("?")
    sheet = page.locator("#keys-dialog")
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text("Open the sample dialog")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_a_key_that_the_page_names_presses_its_button_and_focus_comes_back(page: Page) -> None:
    page.goto(reverse("kit:kit"))
    page.keyboard.press("d")
    dialog = page.locator("#sample-dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Done").click()
    expect(dialog).to_be_hidden()


def test_rows_are_walked_with_j_and_k_and_opened_with_enter(page: Page) -> None:
    page.goto(reverse("kit:kit"))
    rows = page.locator("[data-rows] [data-row]")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#lists$"))


def test_slash_goes_to_the_search_and_escape_leaves_it(page: Page) -> None:
    page.goto(reverse("kit:kit"))
    search = page.locator("main [data-search]")
    page.keyboard.press("/")
    expect(search).to_be_focused()
    page.keyboard.type("j?")
    expect(search).to_have_value("j?")
    page.keyboard.press("Escape")
    expect(search).not_to_be_focused()


def test_single_keys_can_be_turned_off(page: Page) -> None:
    page.goto(reverse("kit:kit"))
    page.keyboard.press("?")
    page.locator("[data-keys-switch]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    expect(page.locator("#sample-dialog")).to_be_hidden()


def test_the_chosen_theme_is_remembered_before_the_first_paint(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(reverse("kit:kit"))
    page.locator("summary[aria-label='Appearance and help']").click()
    page.get_by_role("button", name="Dark", exact=True).click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("body")).to_have_css("background-color", "rgb(13, 17, 16)")


def test_the_language_is_chosen_in_the_bar(page: Page) -> None:
    page.goto(reverse("kit:kit"))
    page.locator(".bar summary").filter(has_text="EN").click()
    page.get_by_role("button", name="Українська").click()
    expect(page.locator("html")).to_have_attribute("lang", "uk")
    assert page.url.endswith("/kit/")


def test_an_error_is_told_in_a_toast_that_stays_until_it_is_dismissed(page: Page) -> None:
    page.goto(reverse("kit:kit"))
    page.locator("[data-toast]").click()
    toast = page.locator(".toast")
    expect(toast).to_contain_text("This is how an error is told.")
    toast.get_by_role("button").click()
    expect(toast).to_have_count(0)


def test_a_question_is_asked_before_anything_is_posted(page: Page) -> None:
    page.goto(reverse("kit:kit"))
    page.get_by_role("button", name="Withdraw").first.click()
    question = page.locator("#confirm-sample")
    expect(question).to_contain_text("Withdraw version 3.2.1?")
    question.get_by_role("button", name="Cancel").click()
    expect(question).to_be_hidden()


def test_a_card_is_moved_by_its_menu_and_by_shift_and_an_arrow(page: Page) -> None:
    page.goto(reverse("kit:kit"))
    columns = page.locator("[data-sortable]")
    expect(columns.nth(0).locator("[data-sortable-id]")).to_have_count(2)
    card = columns.nth(0).locator("[data-sortable-id]").first
    card.locator("summary").click()
    card.get_by_role("button", name="Design").click()
    expect(columns.nth(1).locator("[data-sortable-id]")).to_have_count(1)
    columns.nth(1).locator("[data-sortable-id]").focus()
    page.keyboard.press("Shift+ArrowLeft")
    expect(columns.nth(0).locator("[data-sortable-id]")).to_have_count(2)


def test_a_card_is_dragged_to_another_column(page: Page) -> None:
    page.goto(reverse("kit:kit"))
    columns = page.locator("[data-sortable]")
    columns.nth(0).locator("[data-sortable-id]").first.drag_to(columns.nth(1))
    expect(columns.nth(1).locator("[data-sortable-id]")).to_have_count(1)
    expect(page.locator("[data-board-count]").nth(1)).to_have_text("1")


def test_everything_pressable_on_a_field_page_is_high_enough_for_a_finger(page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a TypedDict of playwright's own
    page.goto(reverse("kit:kit"))
    for control in page.locator(".field-page :is(input:not([type=radio]), select, .btn)").all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 44, control.evaluate("node => node.outerHTML")

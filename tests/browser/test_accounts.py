"""The sign-in, one's own account, and the pages of administrators in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from foundation.accounts.actions.add_user import add_user
from foundation.accounts.actors import SYSTEM
from tests.browser.support import check_page, path_of, problems, screenshot
from tests.cast import Cast

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[[Any], "Page"]
PASSWORD = "seven kites over Oslo"


@pytest.fixture(autouse=True)
def _no_counts_from_other_tests() -> None:
    cache.clear()


def sign_in_by_hand(page: Page, password: str = PASSWORD) -> None:
    page.goto("/account/settings/")
    page.get_by_label("User name or e-mail address").fill("oksana")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_the_doors_look_right(page: Page, transactional_db: None) -> None:
    check_page(page, "/account/login/", "login", languages=("en", "uk", "nb"))
    check_page(page, "/account/password/reset/", "forgotten", languages=("en",))
    check_page(page, "/account/signup/", "signup", languages=("en",))


def test_one_signs_in_with_a_password_and_lands_where_one_wanted(page: Page, transactional_db: None) -> None:
    add_user(actor=SYSTEM, username="oksana", name="Оксана", password=PASSWORD)
    sign_in_by_hand(page, "wrong")
    expect(page.get_by_role("alert")).to_contain_text("not correct")
    screenshot(page, "login-refused")
    assert not problems(page)
    sign_in_by_hand(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    assert path_of(page) == "/account/settings/"


def test_the_second_factors_pages_look_right(page: Page, transactional_db: None) -> None:
    add_user(actor=SYSTEM, username="oksana", name="Оксана", password=PASSWORD)
    sign_in_by_hand(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    check_page(page, "/account/password/change/", "password", languages=("en",))
    check_page(page, "/account/2fa/", "mfa", languages=("en",))
    page.goto("/account/2fa/totp/activate/")
    page.get_by_label("Password").fill(PASSWORD)
    assert not problems(page)
    screenshot(page, "reauthenticate")
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("img.qr")).to_be_visible()
    assert not problems(page)
    screenshot(page, "mfa-activate")


def test_the_own_pages_look_right(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.arne)
    cast.token(cast.arne)
    check_page(page, "/account/settings/", "settings", languages=("uk",))
    check_page(page, "/account/tokens/", "tokens", languages=("en",))


def test_a_token_is_made_copied_and_revoked(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.magnus)
    page.goto("/account/tokens/")
    page.get_by_label("Name").fill("laptop")
    page.get_by_label("feedback:read").check()
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_role("alert")).to_contain_text("fieldloop_")
    assert not problems(page)
    screenshot(page, "token-made")
    page.get_by_role("button", name="Revoke").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("it opens nothing any more")).to_be_visible()


def test_the_administrators_pages_look_right(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.arne)
    for path, name in (
        ("/people/", "people"),
        ("/people/magnus/", "person"),
        ("/add-person/", "person-add"),
        ("/teams/oslo/", "team"),
        ("/catalogue/", "catalogue"),
        ("/catalogue/programmes/sokil/", "programme"),
        ("/catalogue/platforms/quad-10/", "platform"),
    ):
        check_page(page, path, name, languages=("uk",))


def test_an_administrator_hands_out_a_link_that_sets_a_password(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.arne)
    page.goto("/people/magnus/")
    page.get_by_role("button", name="Make a set-password link").click()
    page.get_by_role("dialog").get_by_role("button", name="Make a set-password link").click()
    link = page.get_by_role("alert").locator("code").inner_text()
    screenshot(page, "person-link")
    assert not problems(page)
    page.context.clear_cookies()
    page.goto(link)
    assert not problems(page)
    screenshot(page, "password-set")
    page.get_by_label("New Password", exact=True).fill(PASSWORD)
    page.get_by_label("New Password (again)").fill(PASSWORD)
    page.get_by_role("button", name="Change Password").click()
    page.goto("/account/settings/")
    expect(page.locator("#id_name")).to_have_value("Magnus Berg")

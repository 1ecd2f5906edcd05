"""Signing in: by allauth, with our pages, closed to newcomers."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from foundation.accounts.actions.add_user import add_user
from foundation.accounts.actions.deactivate_user import deactivate_user
from foundation.accounts.actors import SYSTEM
from foundation.accounts.models import User
from foundation.journal.models import Entry
from tests.accounts.pages import says
from tests.cast import Cast

PASSWORD = "seven kites over Oslo"
LOGIN = "/account/login/"


@pytest.fixture(autouse=True)
def _no_counts_from_other_tests() -> None:
    cache.clear()


@pytest.fixture
def oksana(db: None) -> User:
    return add_user(actor=SYSTEM, username="oksana", name="Оксана", email="Oksana@example.org", password=PASSWORD)


def sign_in(login: str, password: str = PASSWORD, client: Client | None = None) -> Any:
    return (client or Client()).post(LOGIN, {"login": login, "password": password})


def signed_in_anew() -> Client:
    browser = Client()
    sign_in("oksana", client=browser)
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    return browser


def test_passwords_are_kept_as_argon2(oksana: User) -> None:
    assert oksana.password.startswith("argon2$argon2id$")


@pytest.mark.parametrize("login", ["oksana", "OKSANA", "oksana@example.org"])
def test_one_signs_in_with_user_name_or_address_in_any_case(oksana: User, login: str) -> None:
    assert sign_in(login).headers["Location"] == "/"


def test_a_wrong_password_is_told_on_the_page(oksana: User) -> None:
    answer = sign_in("oksana", "wrong")
    assert "not correct" in says(answer)
    assert "allauth" not in says(answer)


def test_the_sixth_wrong_password_waits(oksana: User) -> None:
    for _attempt in range(5):
        sign_in("oksana", "wrong")
    assert "Too many failed login attempts" in says(sign_in("oksana", PASSWORD))


def test_a_deactivated_account_cannot_sign_in(oksana: User) -> None:
    deactivate_user(actor=SYSTEM, user=oksana)
    answer = sign_in("oksana")
    assert answer.headers["Location"] == "/account/inactive/"
    assert Client().get("/account/inactive/").status_code == 200


def test_the_session_of_a_deactivated_account_ends(cast: Cast) -> None:
    browser = cast.client_of("ingrid")
    assert browser.get("/account/settings/").status_code == 200
    deactivate_user(actor=cast.actor("arne"), user=cast.ingrid)
    assert browser.get("/account/settings/").status_code == 302


def test_nobody_signs_up(db: None) -> None:
    assert "No sign-up here" in says(Client().get("/account/signup/"))
    form = {"username": "eve", "email": "", "password1": PASSWORD, "password2": PASSWORD}
    Client().post("/account/signup/", form)
    assert not User.objects.filter(username="eve").exists()


def test_without_a_mail_server_a_forgotten_password_leads_to_the_administrator(oksana: User, mailoutbox: Any) -> None:
    for answer in (
        Client().get("/account/password/reset/"),
        Client().post("/account/password/reset/", {"email": "oksana@example.org"}),
    ):
        assert "Ask an administrator" in says(answer)
    assert mailoutbox == []


def test_with_a_mail_server_a_forgotten_password_is_set_anew(oksana: User, mailoutbox: Any, settings: Any) -> None:
    settings.EMAIL_URL = "smtp://mail.example.org"
    browser = Client()
    browser.post("/account/password/reset/", {"email": "oksana@example.org"})
    link = re.search(r"http://testserver(/account/password/reset/key/\S+)", mailoutbox[0].body)
    assert link is not None
    page = browser.get(link[1], follow=True)
    form = {"password1": "another long secret", "password2": "another long secret"}
    browser.post(page.request["PATH_INFO"], form)
    assert sign_in("oksana", "another long secret").status_code == 302
    assert Entry.objects.filter(kind="user.password_set", actor_id=oksana.pk).count() == 1


def test_a_changed_password_is_in_the_journal(oksana: User) -> None:
    browser = Client()
    sign_in("oksana", client=browser)
    new = "eight kites over Oslo"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert browser.post("/account/password/change/", form).status_code == 302
    assert sign_in("oksana", new).headers["Location"] == "/"
    assert Entry.objects.filter(kind="user.password_set").count() == 1


def test_a_weak_new_password_is_refused(oksana: User) -> None:
    browser = Client()
    sign_in("oksana", client=browser)
    form = {"oldpassword": PASSWORD, "password1": "oksana", "password2": "oksana"}
    assert "too short" in says(browser.post("/account/password/change/", form))


def test_the_second_factor_is_asked_for_once_it_is_set_up(oksana: User) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(oksana, generate_totp_secret())
    codes = RecoveryCodes.activate(oksana).get_unused_codes()
    browser = Client()
    assert sign_in("oksana", client=browser).headers["Location"] == "/account/2fa/authenticate/"
    assert browser.get("/account/settings/").status_code == 302
    assert "authenticator code" in says(browser.get("/account/2fa/authenticate/"))
    assert browser.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert browser.post("/account/2fa/authenticate/", {"code": codes[0]}).status_code == 302
    assert browser.get("/account/settings/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/account/2fa/",
        "/account/password/change/",
        "/account/reauthenticate/",
        "/account/2fa/totp/activate/",
        "/account/2fa/recovery-codes/generate/",
        "/account/logout/",
    ],
)
def test_allauths_pages_are_made_of_our_parts(oksana: User, path: str) -> None:
    browser = signed_in_anew()
    page = browser.get(path, follow=True)
    assert page.status_code == 200
    assert 'class="bar"' in says(page)
    assert "<p><label" not in says(page), "a form that allauth renders by itself"
    assert "style=" not in says(page)


def test_the_second_factor_is_shown_as_a_code_that_a_camera_can_read(oksana: User) -> None:
    assert 'class="qr"' in says(signed_in_anew().get("/account/2fa/totp/activate/"))


def test_setting_up_a_second_factor_asks_for_the_password_again(oksana: User) -> None:
    browser = Client()
    sign_in("oksana", client=browser)
    assert browser.get("/account/2fa/totp/activate/").headers["Location"].startswith("/account/reauthenticate/")


def test_the_address_page_of_allauth_leads_to_the_settings(cast: Cast) -> None:
    assert cast.client_of("olena").get("/account/email/").headers["Location"] == "/account/settings/"


def test_a_visitor_is_sent_to_the_sign_in_and_back(db: None) -> None:
    assert Client().get("/account/settings/").headers["Location"] == "/account/login/?next=/account/settings/"

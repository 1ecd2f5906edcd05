"""The first administrator, and tokens for scripts, from the command line."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from foundation.accounts.actors import actor_of
from foundation.accounts.models import ApiToken, Team, User
from tests.cast import Cast

FIRST = ("add_user", "--username=ada", "--role=admin", "--team=office", "--new-team=Office")


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue().strip()


@pytest.mark.django_db
def test_the_first_administrator_gets_a_team_and_a_link_and_can_begin() -> None:
    made = json.loads(run(*FIRST, "--json"))
    browser = Client()
    page = browser.get(made["password_link"], follow=True)
    secret = "a quiet office above the sea"
    browser.post(page.request["PATH_INFO"], {"password1": secret, "password2": secret})
    form = {"name": "Kite", "slug": "kite", "time_zone": "Europe/Oslo"}
    assert browser.post("/catalogue/add-programme/", form).headers["Location"] == "/catalogue/programmes/kite/"
    assert browser.get("/catalogue/programmes/kite/").status_code == 200


@pytest.mark.django_db
def test_a_link_works_once() -> None:
    link = json.loads(run(*FIRST, "--json"))["password_link"]
    browser = Client()
    page = browser.get(link, follow=True)
    secret = "a quiet office above the sea"
    browser.post(page.request["PATH_INFO"], {"password1": secret, "password2": secret})
    assert "password1" not in Client().get(link, follow=True).content.decode()


@pytest.mark.django_db
def test_a_password_comes_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("a quiet office above the sea\n"))
    assert "link" not in run(*FIRST, "--password-stdin")
    assert User.objects.get().check_password("a quiet office above the sea")


@pytest.mark.django_db
def test_a_weak_password_makes_neither_account_nor_team(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("ada\n"))
    with pytest.raises(CommandError, match="too short"):
        run(*FIRST, "--password-stdin")
    assert not User.objects.exists()
    assert not Team.objects.exists()


def test_an_unknown_team_is_named_with_those_there_are(cast: Cast) -> None:
    with pytest.raises(CommandError, match="There are: bergen, east"):
        run("add_user", "--username=ada", "--role=engineer", "--team=nowhere")


def test_a_token_is_all_that_is_printed(cast: Cast) -> None:
    token = run("create_token", "--username=Magnus", "--name=ci", "--scope=tasks:write", "--days=7")
    assert Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/me/").json()["username"] == "magnus"
    assert ApiToken.objects.get().scopes == ["tasks:write"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--username=nobody", "--scope=tasks:read"), "no account “nobody”"),
        (("--username=magnus", "--scope=tasks:fly"), "There is no scope “tasks:fly”"),
        (("--username=magnus", "--scope=tasks:read", "--days=500"), "within a year"),
    ],
)
def test_a_token_that_cannot_be_is_refused_with_a_sentence(cast: Cast, arguments: Any, complaint: str) -> None:
    with pytest.raises(CommandError, match=complaint):
        run("create_token", "--name=ci", *arguments)


def test_the_made_person_has_the_role(cast: Cast) -> None:
    run("add_user", "--username=ada", "--role=engineer", "--team=oslo")
    assert actor_of(User.objects.get(username="ada")).may("catalogue.see", programme_id=cast.programme.pk)

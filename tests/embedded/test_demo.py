"""Where the demo's accounts may exist, and how it comes into the database."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from foundation.embedded import checks, demo
from foundation.embedded.management.commands import prepare

SIGN_INS = [("ola", "ola-password", "triager", "Nordlys"), ("gone", "x", "reporter", "7th")]


@pytest.fixture
def demo_world(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A demo of one account; gives the list of what was called."""
    settings.DEMO_SIGN_INS = "tests.embedded.test_demo.known_sign_ins"
    monkeypatch.setitem(checks.CHECKS, "broker", lambda: None)
    monkeypatch.setattr(checks, "broker", lambda: None)
    called: list[str] = []

    def call(name: str, *arguments: str, **options: Any) -> None:
        called.append(name)
        if name == "load_demo":
            get_user_model().objects.create(username="ola", email="ola@example.org")

    monkeypatch.setattr(prepare, "call_command", call)
    return called


def known_sign_ins() -> list[tuple[str, str, str, str]]:
    return SIGN_INS


@pytest.mark.parametrize(
    ("debug", "embedded", "asked", "allowed"),
    [
        (False, False, "", False),
        (False, False, "0", False),
        (False, False, "1", True),
        (True, False, "", True),
        (False, True, "", True),
    ],
)
def test_public_passwords_need_debug_or_the_embedded_database_or_a_request(
    settings: Settings, debug: bool, embedded: bool, asked: str, allowed: bool
) -> None:
    settings.DEBUG, settings.EMBEDDED, settings.FIELDLOOP_DEMO = debug, embedded, asked
    if allowed:
        demo.require_allowed()
    else:
        with pytest.raises(demo.DemoNotAllowed, match="Set FIELDLOOP_DEMO=1"):
            demo.require_allowed()


@pytest.mark.django_db
def test_the_first_start_loads_it_and_reports_who_can_sign_in(
    demo_world: list[str], settings: Settings, tmp_path: Path
) -> None:
    settings.EMBEDDED = True
    call_command("prepare", report=tmp_path / "report.json")
    assert demo_world == ["load_demo"]
    assert json.loads((tmp_path / "report.json").read_text()) == {"sign_ins": [list(SIGN_INS[0])]}
    call_command("prepare", report=tmp_path / "report.json")
    assert demo_world == ["load_demo"]


@pytest.mark.django_db
def test_it_is_not_loaded_when_the_operator_says_so(demo_world: list[str], settings: Settings) -> None:
    settings.EMBEDDED, settings.FIELDLOOP_DEMO = True, "0"
    call_command("prepare")
    assert demo_world == []


@pytest.mark.django_db
def test_it_is_not_loaded_into_an_operators_database(demo_world: list[str]) -> None:
    call_command("prepare")
    assert demo_world == []


@pytest.mark.django_db
def test_a_real_server_does_not_start_with_its_accounts(demo_world: list[str], add_user: Callable[[], None]) -> None:
    add_user()
    with pytest.raises(CommandError, match="ola"):
        call_command("prepare")


@pytest.fixture
def add_user() -> Callable[[], None]:
    def add() -> None:
        get_user_model().objects.create(username="ola", email="ola@example.org")

    return add


@pytest.mark.django_db
def test_an_interrupted_one_in_an_operators_database_is_told(demo_world: list[str], settings: Settings) -> None:
    (settings.DATA_DIR / "demo-is-loading").touch()
    with pytest.raises(CommandError, match="was interrupted"):
        call_command("prepare")


@pytest.mark.django_db
def test_an_interrupted_one_is_emptied_once_whatever_comes_after(
    demo_world: list[str], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMBEDDED, settings.FIELDLOOP_DEMO = True, "0"
    emptied: list[bool] = []
    monkeypatch.setattr(prepare.Command, "_empty_after_interruption", lambda command: emptied.append(True))
    (settings.DATA_DIR / "demo-is-loading").touch()
    call_command("prepare")
    call_command("prepare")
    assert emptied == [True]


@pytest.mark.django_db
def test_an_interrupted_one_in_the_embedded_database_starts_over(settings: Settings) -> None:
    settings.EMBEDDED = True
    assert "accounts_user" in connection.introspection.table_names()
    prepare.Command()._empty_after_interruption()  # undone with the test's transaction
    assert connection.introspection.table_names() == []

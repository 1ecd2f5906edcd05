"""Devices of field teams: a code works once and for a short time, and what was revoked opens nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from foundation.accounts import enrolment
from foundation.accounts.actions.add_enrolment_code import add_enrolment_code
from foundation.accounts.actions.enrol_device import MOST_A_MINUTE, enrol_device
from foundation.accounts.actions.revoke_device import revoke_device
from foundation.accounts.actors import actor_of_device
from foundation.accounts.devices import COOKIE
from foundation.accounts.models import Device, EnrolmentCode, Role
from foundation.journal.models import Entry
from foundation.kit import clock
from foundation.kit.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from tests.cast import Cast

pytestmark = pytest.mark.django_db
JSON = "application/json"
HERE = "192.0.2.1"


@pytest.fixture(autouse=True)
def _no_counts_from_other_tests() -> None:
    cache.clear()


def code_of(cast: Cast, name: str = "solveig", **change: Any) -> str:
    values = {"actor": cast.actor(name), "team": cast.north, "name": "Tablet 2", **change}
    return add_enrolment_code(**values).plaintext


def refused(code: str) -> str:
    with pytest.raises(Invalid) as refusal:
        enrol_device(code=code, address=HERE)
    return refusal.value.code


def test_a_code_works_once_however_it_is_typed(cast: Cast) -> None:
    code = code_of(cast, language="uk")
    device = enrol_device(code=f" {code.lower().replace('-', ' ')} ", address=HERE).device
    assert (device.team, device.name, device.language) == (cast.north, "Tablet 2", "uk")
    assert refused(code) == "device.code_used"
    assert refused("K7QM-2XPD-9TRA") == "device.code_unknown"
    assert Device.objects.count() == 1


def test_a_code_expires(cast: Cast) -> None:
    with clock.at(clock.now()) as now:
        code = code_of(cast, valid_for=timedelta(minutes=15))
    with clock.at(now + timedelta(minutes=15)):
        assert refused(code) == "device.code_expired"
    with pytest.raises(Invalid, match="a day at most"):
        code_of(cast, valid_for=timedelta(days=2))


def test_neither_code_nor_secret_is_stored_and_the_journal_tells_of_both(cast: Cast) -> None:
    code = code_of(cast)
    enrolled = enrol_device(code=code, address=HERE)
    entries = list(Entry.objects.filter(kind__in=["team.enrolment_code_added", "device.enrolled"]).order_by("pk"))
    kept = f"{EnrolmentCode.objects.values().get()}{Device.objects.values().get()}{[entry.data for entry in entries]}"
    assert code not in kept
    assert code.replace("-", "") not in kept
    assert enrolled.secret not in kept
    added, came = entries
    assert (added.subject, added.actor_name, added.team_id) == (("team", cast.north.pk), "Solveig Moe", cast.north.pk)
    assert (came.subject, came.actor_kind, came.actor_id) == (("device", enrolled.device.pk), "device", came.subject_id)
    assert came.actor_name == "Tablet 2"


def test_guessing_is_slowed_down_for_whoever_guesses_and_for_nobody_else(cast: Cast) -> None:
    code = code_of(cast)
    with clock.at(clock.now()) as now:
        for _try in range(MOST_A_MINUTE):
            assert refused("AAAA-AAAA-AAAA") == "device.code_unknown"
        with pytest.raises(TooMany) as put_off:
            enrol_device(code=code, address=HERE)
        assert put_off.value.retry_after == 60 - now.second
        response = Client(REMOTE_ADDR=HERE).post("/api/v1/devices/enrol/", {"code": code}, content_type=JSON)
        assert (response.status_code, response["Retry-After"]) == (429, str(60 - now.second))
        assert Client(REMOTE_ADDR=HERE).post("/enrol/", {"code": code}).status_code == 429
        assert enrol_device(code=code, address="192.0.2.2").device.name == "Tablet 2"


@pytest.mark.parametrize("name", ["solveig", "arne", "olena"])
def test_managers_administrators_and_the_teams_reporters_make_codes_and_revoke(cast: Cast, name: str) -> None:
    device = enrol_device(code=code_of(cast, name), address=HERE).device
    revoked = revoke_device(actor=cast.actor(name), device=device, reason="Lost")
    assert (revoked.revoked_by, revoked.revoked_reason) == (cast.users[name], "Lost")
    entry = Entry.objects.get(kind="device.revoked")
    assert (entry.data["reason"], entry.team_id) == ("Lost", cast.north.pk)
    with pytest.raises(Conflict, match="revoked already"):
        revoke_device(actor=cast.actor(name), device=device, reason="Lost")


@pytest.mark.parametrize("name", ["stepan", "ingrid", "magnus", "kari", "liv", "vira", "astri", "roman"])
def test_nobody_else_does(cast: Cast, name: str) -> None:
    device = cast.device(cast.north).device
    with pytest.raises(Forbidden):
        code_of(cast, name)
    with pytest.raises(Forbidden):
        revoke_device(actor=cast.actor(name), device=device, reason="Lost")


def test_a_manager_of_one_programme_reaches_no_team_that_also_serves_another(cast: Cast) -> None:
    from foundation.accounts.actors import SYSTEM
    from foundation.catalogue.actions.add_team_to_programme import add_team_to_programme

    add_team_to_programme(actor=SYSTEM, team=cast.north, programme=cast.foreign_programme)
    with pytest.raises(Forbidden):
        code_of(cast, "solveig")
    assert code_of(cast, "olena")  # she is of the team itself


def test_only_field_teams_have_devices(cast: Cast) -> None:
    with pytest.raises(Conflict, match="no field team"):
        code_of(cast, "arne", team=cast.oslo)
    assert cast.client_of("arne").get("/devices/oslo/").status_code == 404


def test_a_device_brings_no_other_device_in_and_throws_none_out(cast: Cast) -> None:
    device = cast.device(cast.north).device
    actor = actor_of_device(device)
    with pytest.raises(Forbidden, match="A person of the team can"):
        code_of(cast, actor=actor)
    with pytest.raises(Forbidden, match="A person of the team can"):
        revoke_device(actor=actor, device=device, reason="Lost")


def test_a_device_is_a_reporter_of_its_team_and_nothing_else(cast: Cast) -> None:
    actor = actor_of_device(cast.device(cast.north).device)
    assert actor.user_id is None
    assert actor.teams() == {cast.north.pk}
    assert actor.programmes() == actor.programmes(Role.REPORTER) == {cast.programme.pk}
    where = {"programme_id": cast.programme.pk}
    assert actor.may("ticket.report", **where, team_id=cast.north.pk)
    assert not actor.may("ticket.report", **where, team_id=cast.east.pk)
    assert not actor.may("ticket.accept", **where)


def test_a_phone_opens_the_code_and_is_the_teams_from_then_on(cast: Cast) -> None:
    code = code_of(cast)
    phone = Client()
    page = phone.get("/enrol/", {"code": code}).content.decode()
    assert f'value="{code}"' in page
    assert Device.objects.count() == 0, "Looking at the address uses the code up."
    response = phone.post("/enrol/", {"code": code})
    assert (response.status_code, response["Location"]) == (302, "/")
    cookie = response.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    home = phone.get("/", follow=True).content.decode()
    assert "Tablet 2" in home
    assert "North" in home
    assert phone.get("/account/tokens/").status_code == 302, "A device has no account."


def test_whoever_was_signed_in_on_the_phone_is_signed_out(cast: Cast) -> None:
    phone = cast.client_of("arne")
    phone.post("/enrol/", {"code": code_of(cast)})
    assert phone.get("/people/").status_code == 403
    me = phone.get("/api/v1/me/").json()
    assert me["username"] == "Tablet 2"
    assert [(one["team"], one["role"]) for one in me["memberships"]] == [("north", "reporter")]


def test_a_revoked_device_is_out_at_its_next_request(cast: Cast) -> None:
    enrolled = cast.device(cast.north)
    phone, api = cast.device_client(enrolled), Client(headers={"Authorization": f"Bearer {enrolled.secret}"})
    assert phone.get("/report/").status_code == 200
    assert api.get("/api/v1/feedback/").status_code == 200
    revoke_device(actor=cast.actor("solveig"), device=enrolled.device, reason="Lost")
    gone = phone.get("/report/")
    assert (gone.status_code, gone["Location"]) == (302, "/enrol/?gone=1")
    assert "enrolled no longer" in phone.get(gone["Location"]).content.decode()
    assert COOKIE not in {name for name, morsel in phone.cookies.items() if morsel.value}
    answer = api.get("/api/v1/feedback/")
    assert answer.status_code == 401
    assert "was revoked" in answer.json()["detail"]


def test_a_forged_cookie_opens_nothing(cast: Cast) -> None:
    enrolled = cast.device(cast.north)
    phone = Client()
    cut = enrolment.signed(enrolled.secret)[:-1]
    for forged in (enrolled.secret, cut, enrolment.signed("fieldloop_device_x")):
        phone.cookies[COOKIE] = forged
        assert phone.get("/report/").status_code == 302


def test_the_api_enrols_a_device_whose_token_reaches_a_reporters_verbs(cast: Cast) -> None:
    manager = cast.api_client_of("solveig")
    made = manager.post("/api/v1/devices/codes/", {"team": "north", "name": "Gateway"}, content_type=JSON)
    assert made.status_code == 201, made.content
    enrolled = Client().post("/api/v1/devices/enrol/", {"code": made.json()["code"]}, content_type=JSON)
    assert enrolled.status_code == 201, enrolled.content
    answer = enrolled.json()
    assert (answer["device"]["name"], answer["device"]["team"]) == ("Gateway", "north")
    again = Client().post("/api/v1/devices/enrol/", {"code": made.json()["code"]}, content_type=JSON)
    assert (again.status_code, again.json()["code"]) == (422, "device.code_used")
    api = Client(headers={"Authorization": f"Bearer {answer['token']}"})
    scopes = api.get("/api/v1/me/").json()["scopes"]
    assert {"feedback:write", "releases:write"} <= set(scopes)
    assert "tasks:write" not in scopes
    pk = answer["device"]["id"]
    lost = manager.post(f"/api/v1/devices/{pk}/revoke/", {"reason": "Lost"}, content_type=JSON)
    assert lost.json()["revoked_by"] == "solveig"
    assert api.get("/api/v1/me/").status_code == 401
    assert manager.get("/api/v1/devices/?team=north").json()["results"] == [lost.json()]
    assert cast.api_client_of("stepan").get("/api/v1/devices/").json()["results"] == []


def test_when_it_was_seen_is_kept_to_the_hour(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with clock.at(clock.now()) as now:
        enrolled = cast.device(cast.north)
        phone = cast.device_client(enrolled)
    for minutes, seen in ((59, 0), (60, 60), (90, 60), (121, 121)):
        with clock.at(now + timedelta(minutes=minutes)):
            answer = phone.get("/enrol/")
        enrolled.device.refresh_from_db()
        assert enrolled.device.last_seen_at == now + timedelta(minutes=seen)
        assert (COOKIE in answer.cookies) == (minutes == seen), "Each hour of use lets the browser keep it longer."
    with clock.at(now + timedelta(minutes=130)), django_assert_num_queries(2):  # the device, and what its team serves
        phone.get("/enrol/")


def test_the_pages_of_devices_cost_few_queries(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        cast.device(cast.north, f"Tablet {number}")
    add_enrolment_code(actor=cast.actor("solveig"), team=cast.north, name="Tablet 9")
    manager = cast.client_of("solveig")
    with django_assert_max_num_queries(6):
        teams = manager.get("/devices/").content.decode()
    assert "North" in teams
    assert "East" in teams
    assert "West" not in teams
    with django_assert_max_num_queries(7):
        page = manager.get("/devices/north/").content.decode()
    assert "Tablet 3" in page
    assert "Tablet 9" in page
    api = cast.api_client_of("solveig")
    api.get("/api/v1/devices/")
    with django_assert_max_num_queries(4):
        assert len(api.get("/api/v1/devices/").json()["results"]) == 5
    assert cast.client_of("olena").get("/devices/")["Location"] == "/devices/north/"


def test_a_code_is_shown_once_as_text_and_as_a_picture(cast: Cast) -> None:
    manager = cast.client_of("solveig")
    made = manager.post("/devices/north/", {"name": "Tablet 2", "language": "uk", "minutes": "60"})
    assert made.status_code == 200
    page = made.content.decode()
    assert "data:image/svg+xml;base64," in page
    assert "no-store" in made["Cache-Control"]
    code = page.split("<code>")[1].split("</code>")[0]
    assert enrol_device(code=code, address=HERE).device.language == "uk"
    assert code not in manager.get("/devices/north/").content.decode()
    wrong = manager.post("/devices/north/", {"name": "", "minutes": "60"})
    assert wrong.status_code == 422


def test_a_device_is_revoked_on_its_page_with_a_reason(cast: Cast) -> None:
    device = cast.device(cast.north).device
    manager = cast.client_of("solveig")
    address = f"/devices/north/{device.pk}/revoke/"
    assert "What it reported stays" in manager.get(address).content.decode()
    assert manager.post(address, {"reason": " "}).status_code == 422
    assert manager.post(address, {"reason": "Lost near the river"}).status_code == 302
    assert "Lost near the river" in manager.get("/devices/north/").content.decode()
    assert manager.get(f"/devices/east/{device.pk}/revoke/").status_code == 404


def test_not_found_is_said_for_a_team_whose_devices_one_may_not_see(cast: Cast) -> None:
    from foundation.accounts.queries_devices import team_with_devices

    for name in ("stepan", "astri", "kari"):
        with pytest.raises(NotFound):
            team_with_devices(cast.actor(name), "north")

"""Many installations at once: nothing right is lost to something wrong, and nothing counts twice."""

from __future__ import annotations

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from foundation.accounts.actors import SYSTEM
from foundation.journal.models import Entry
from foundation.kit import clock
from foundation.kit.errors import Invalid
from releases.actions.withdraw_release import withdraw_release
from releases.models import Installation
from releases.rollouts.actions.take_batch import take_batch
from releases.rollouts.actions.warn_teams import warn_teams
from releases.rollouts.batches import BatchRow, read_csv, write_csv
from tests.releases import api_world
from tests.rollouts.world import World

pytestmark = pytest.mark.django_db
HEAD = "component,version,team,hardware,installed_at"
URL = "/installations/upload/"


def one(**more: str) -> BatchRow:
    values = {"component": "autopilot", "version": "1.0", "team": "north", "hardware": "A"}
    moment = (clock.now() - timedelta(minutes=5)).isoformat()
    return BatchRow(**{**values, "installed_at": moment, **more})  # type: ignore[arg-type]  # strings all


def test_right_lines_are_kept_and_wrong_ones_say_why(world: World) -> None:
    api_world.published(world.cast, "1.0")
    rows = [
        one(),
        one(team="North", hardware="B"),  # its name does as well as its slug
        one(team="west"),
        one(version="9.9"),
        one(hardware="Z"),
        one(installed_at="yesterday"),
        one(installed_at=(clock.now() + timedelta(days=1)).isoformat()),
        one(client_uuid="x"),
        one(team=""),
    ]
    results = take_batch(actor=world.cast.actor("olena"), rows=rows)
    assert [result.code for result in results] == [
        "", "", "input.team_unknown", "input.version_unknown", "input.hardware_unknown", "batch.moment_invalid",
        "installation.in_future", "batch.uuid_invalid", "batch.missing",
    ]  # fmt: skip
    assert Installation.objects.count() == Entry.objects.filter(kind="installation.reported").count() == 2


def test_a_time_without_a_zone_is_that_of_the_programme(world: World) -> None:
    release = api_world.published(world.cast, "1.0")
    zone = ZoneInfo(release.component.programme.time_zone)
    assert zone.key != timezone.get_current_timezone_name()
    there = (clock.now() - timedelta(minutes=5)).astimezone(zone).replace(microsecond=0)
    (result,) = take_batch(actor=SYSTEM, rows=[one(installed_at=f"{there:%Y-%m-%d %H:%M:%S}")])
    assert result.installation is not None
    assert result.installation.installed_at == there


def test_the_same_row_is_one_installation_however_often_it_comes(world: World) -> None:
    api_world.published(world.cast, "1.0")
    row = one()
    again = one(installed_at=row.installed_at, team="NORTH")
    for _time in range(2):
        results = take_batch(actor=SYSTEM, rows=[row, again])
        assert [result.error for result in results] == ["", ""]
    assert Installation.objects.count() == 1


def test_a_reporter_speaks_for_the_own_team_only(world: World) -> None:
    api_world.published(world.cast, "1.0")
    (result,) = take_batch(actor=world.cast.actor("stepan"), rows=[one()])
    assert result.code in ("accounts.right_missing", "input.team_unknown")
    assert not Installation.objects.exists()


def test_an_installation_from_before_the_withdrawal_is_taken_late_and_the_team_is_warned(world: World) -> None:
    release = api_world.published(world.cast, "1.0")
    before = one()
    withdraw_release(actor=SYSTEM, release=release, reason="It loses GNSS.")
    results = take_batch(actor=SYSTEM, rows=[before, one(installed_at=clock.now().isoformat(), hardware="B")])
    assert [result.code for result in results] == ["", "installation.withdrawn"]
    assert [warning.team for warning in warn_teams(actor=SYSTEM, release=release)] == [world.cast.north]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_is_read_whatever_parts_its_columns(mark: str) -> None:
    text = "\ufeffTeam,note,HARDWARE,version,component,installed_at\r\nnorth,x,A,1.0,autopilot,2026-11-20 12:00\r\n\r\n"
    (found,) = read_csv(text.replace(",", mark))
    assert (found.team, found.hardware, found.version, found.line) == ("north", "A", "1.0", 2)


def test_what_is_written_is_read_back() -> None:
    rows = [one(team='A "team", with commas', client_uuid="6f0d35a4-5f2c-4d67-9d0e-2f5f4a1e7c11"), one()]
    back = read_csv(write_csv(rows))
    assert [row.identity for row in back] == [row.identity for row in rows]


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "batch.head_missing"), ("a,b\n1,2", "batch.head_missing"), (f"{HEAD}\n\n", "batch.empty")],
)
def test_a_table_that_cannot_be_read_says_why(text: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_csv(text)
    assert caught.value.code == code


def test_what_is_refused_stands_in_the_form_again(world: World) -> None:
    api_world.published(world.cast, "1.0")
    moment = (clock.now() - timedelta(minutes=5)).isoformat()
    text = f"{HEAD}\nautopilot,1.0,north,A,{moment}\nautopilot,9.9,north,A,{moment}\n"
    client = world.cast.client_of("olena")
    response = client.post(URL, {"file": SimpleUploadedFile("in.csv", text.encode())})
    page = response.content.decode()
    assert response.status_code == 422
    assert "1 line was not taken" in page
    assert "1 installation is noted" in page
    assert f"autopilot,9.9,north,,A,{moment}," in page
    assert Installation.objects.count() == 1
    mended = text.replace("9.9", "1.0").replace("north,A", "north,B")
    response = client.post(URL, {"lines": mended}, follow=True)
    assert response.redirect_chain == [("/installations/", 302)]
    assert Installation.objects.count() == 2
    for data in ({}, {"file": SimpleUploadedFile("in.csv", b"\xff\xfe\x00")}):
        assert client.post(URL, data).status_code == 422


def test_a_batch_comes_by_program(world: World) -> None:
    api_world.published(world.cast, "1.0")
    good = {"component": "autopilot", "version": "1.0", "team": "north", "hardware": "A"}
    body = {"installations": [{**good, "installed_at": "2026-01-01T00:00:00Z"}, {**good, "installed_at": "soon"}]}
    client = world.cast.api_client_of("olena")
    response = client.post("/api/v1/installation-batches/", json.dumps(body), content_type="application/json")
    found = response.json()
    assert (response.status_code, found["taken"], found["refused"]) == (200, 1, 1)
    assert found["results"][1]["code"] == "batch.moment_invalid"
    empty = client.post(
        "/api/v1/installation-batches/", json.dumps({"installations": []}), content_type="application/json"
    )
    assert empty.json()["code"] == "batch.empty"

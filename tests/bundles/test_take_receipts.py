"""Receipts come back from the front: in three forms, once however often they come, and none is lost."""

from __future__ import annotations

import io
import json
import uuid
from typing import Any

import pytest
from django.test import Client

from foundation.journal.models import Entry
from foundation.kit import clock
from foundation.kit.errors import DomainError, Forbidden
from releases.actions.withdraw_release import withdraw_release
from releases.bundles.actions.import_bundle import import_bundle
from releases.bundles.actions.settle_verdict import settle_verdict
from releases.bundles.actions.take_receipts import Taken, take_receipts
from releases.bundles.models import Receipt
from releases.bundles.queries import kept_lines
from releases.models import Installation, Release
from releases.rollouts.actions.take_batch import take_batch
from releases.rollouts.batches import read_csv
from tests.bundles.site import forget_the_origin
from tests.bundles.world import Stick
from tests.cast import Cast
from tests.releases import api_world


def line(**more: object) -> dict[str, Any]:
    return {
        "team": "north",
        "component": "autopilot",
        "version": "1.0",
        "hardware": "A",
        "installed_at": "2026-03-01 14:30",
        **more,
    }


def take(cast: Cast, *lines: dict[str, Any] | str, who: str = "olena") -> Taken:
    text = "\n".join(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in lines)
    return take_receipts(actor=cast.actor(who), content=text.encode(), source="receipts.jsonl")


@pytest.fixture(autouse=True)
def _published(cast: Cast) -> None:
    api_world.published(cast)


def test_a_receipt_becomes_an_installation_in_the_teams_own_time(cast: Cast) -> None:
    taken = take(cast, line())
    assert [receipt.state for receipt in taken.receipts] == ["taken"]
    installation = Installation.objects.get()
    assert installation.team == cast.north
    assert installation.hardware == cast.rev_a
    assert installation.installed_at.isoformat() == "2026-03-01T12:30:00+00:00"  # Kyiv is two hours ahead
    assert Entry.objects.filter(kind="installation.reported").count() == 1


def test_the_same_file_twice_is_one_installation(cast: Cast) -> None:
    one = take(cast, line(), line(hardware="B"))
    two = take(cast, line(), line(hardware="B"))
    assert not one.known
    assert len(two.known) == 2
    assert Installation.objects.count() == 2
    assert Receipt.objects.count() == 2


def test_the_same_receipt_in_another_form_is_the_same(cast: Cast) -> None:
    take(cast, line())
    form = "# a comment\nteam: north\ncomponent: autopilot\nversion: 1.0\nhardware: A\ninstalled_at: 2026-03-01 14:30\n"
    assert len(take(cast, form).known) == 1
    table = "team;component;version;hardware;installed_at\nnorth;autopilot;1.0;A;2026-03-01 14:30\n"
    assert len(take(cast, table).known) == 1
    assert Installation.objects.count() == 1


def test_wrong_lines_say_why_and_lose_nothing(cast: Cast) -> None:
    taken = take(
        cast,
        line(),
        line(team="nort"),
        line(version="9.9"),
        line(hardware="Z"),
        line(installed_at="yesterday"),
        line(team="east"),
        line(verdict="fixed"),
        line(ticket="FB-1", verdict="super"),
        line(receipt="17"),
        line(colour="red"),
        line(installed_at="2099-01-01"),
        "{not json",
        {"team": "north", "component": "autopilot"},
    )
    assert [receipt.state for receipt in taken.receipts] == ["taken"] + ["refused"] * 12
    assert Receipt.objects.count() == 13
    errors = [receipt.error for receipt in taken.refused]
    for word, error in zip(
        ("nort", "9.9", "“Z”", "yesterday", "east", "ticket", "super", "17", "colour", "2099", "Line 12", "version"),
        errors,
        strict=True,
    ):
        assert word in error
    assert "{not json" in Receipt.objects.get(number=12).raw
    assert Installation.objects.count() == 1


def test_a_line_that_was_refused_is_tried_again(cast: Cast) -> None:
    wrong = take(cast, line(version="2.0"))
    assert wrong.refused
    api_world.published(cast, "2.0")
    right = take(cast, line(version="2.0"))
    assert not right.refused
    assert right.receipts == wrong.receipts
    assert Receipt.objects.get().state == "taken"


def test_a_mended_line_may_keep_its_uuid_and_another_may_not(cast: Cast) -> None:
    name = str(uuid.uuid4())
    assert take(cast, line(receipt=name, hardware="Z")).refused
    assert not take(cast, line(receipt=name)).refused
    other = take(cast, line(receipt=name, note="another"))
    assert name in other.refused[0].error


def test_two_tickets_of_one_installation_are_one_installation_and_two_verdicts(cast: Cast) -> None:
    take(cast, line(ticket="FB-1", verdict="fixed"), line(ticket="fb-2", verdict="not fixed"))
    assert Installation.objects.count() == 1
    brought = Entry.objects.filter(kind="receipt.verdict_brought").order_by("id")
    assert [(entry.data["ticket"], entry.data["verdict"]) for entry in brought] == [
        ("FB-1", "fixed"),
        ("FB-2", "not_fixed"),
    ]
    assert set(Receipt.objects.values_list("verdict_state", flat=True)) == {"waiting"}


def test_a_verdict_that_could_not_be_taken_in_is_brought_again(cast: Cast) -> None:
    from foundation.accounts.actors import SYSTEM

    take(cast, line(ticket="FB-1", verdict="fixed"))
    settle_verdict(actor=SYSTEM, receipt=Receipt.objects.get(), error="Not offered yet.")
    assert Receipt.objects.get().verdict_error == "Not offered yet."
    take(cast, line(ticket="FB-1", verdict="fixed"))
    assert Entry.objects.filter(kind="receipt.verdict_brought").count() == 2
    assert Receipt.objects.get().verdict_state == "waiting"
    with pytest.raises(Forbidden):
        settle_verdict(actor=cast.actor("kari"), receipt=Receipt.objects.get())


def test_a_teams_device_carries_its_receipts_and_is_told_what_was_wrong(cast: Cast) -> None:
    enrolled = cast.device(cast.north, "Gateway")
    api = Client(headers={"Authorization": f"Bearer {enrolled.secret}"})
    lines = [line(), line(team="east"), line(team="nobody")]
    content = "\n".join(json.dumps(one) for one in lines)
    answer = api.post("/api/v1/receipts/", {"content": content}, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert [one["state"] for one in answer.json()["receipts"]] == ["taken", "refused", "refused"]
    assert all(one["error"] for one in answer.json()["receipts"][1:])
    installation = Installation.objects.get()
    assert (installation.told_by, installation.team) == ("Gateway", cast.north)
    take(cast, line(installed_at="2026-03-02"), line(team="elsewhere"), who="kari")
    mine = api.get("/api/v1/receipts/").json()["results"]
    assert {one["team"] for one in mine} == {"north"}, "Nobody's refused lines are not a device's."


def test_a_release_manager_carries_for_all_teams_and_a_team_for_itself(cast: Cast) -> None:
    assert not take(cast, line(), who="kari").refused
    assert take(cast, line(installed_at="2026-03-02"), who="stepan").refused
    for who in ("magnus", "solveig", "liv"):
        with pytest.raises(Forbidden):
            take(cast, line(), who=who)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "receipts.empty"),
        (b"# only a comment\n", "receipts.empty"),
        (b"\xff\xfe\x00", "receipts.not_text"),
        (b"team: \x00", "receipts.not_text"),
        (b"x" * (2 * 1024 * 1024 + 1), "receipts.too_large"),
        (b"{}\n" * 5001, "receipts.too_many"),
    ],
)
def test_what_is_no_file_of_receipts_is_refused_as_a_whole(cast: Cast, content: bytes, code: str) -> None:
    with pytest.raises(DomainError) as caught:
        take_receipts(actor=cast.actor("olena"), content=content)
    assert caught.value.code == code


def test_the_form_in_the_bundle_can_be_filled_in_by_hand(stick: Stick) -> None:
    release = stick.published("2.0")
    bundle = stick.bundle(release)
    form = next(item.source for item in bundle.items if item.path == "unsigned/receipt.txt")
    assert isinstance(form, bytes)
    text = (
        form.decode().replace("hardware:\n", "hardware: A\n").replace("installed_at:\n", "installed_at: 02.03.2026\n")
    )
    taken = take_receipts(actor=stick.cast.actor("olena"), content=text.encode())
    assert not taken.refused
    assert Installation.objects.get().release == release


def test_where_only_the_bundle_is_known_receipts_wait_and_are_carried_on(stick: Stick) -> None:
    cast = stick.cast
    content = stick.tar(stick.published("2.0")).read_bytes()
    forget_the_origin()
    bundle = import_bundle(actor=cast.actor("kari"), file=io.BytesIO(content), channel="fleet")
    said = line(version="2.0", ticket="FB-1", verdict="fixed")
    taken = take(cast, said)
    assert [(one.state, one.bundle) for one in taken.receipts] == [("kept", bundle)]
    assert len(take(cast, said).known) == 1
    assert Entry.objects.filter(kind="receipt.kept").count() == 1
    carried = json.loads(kept_lines(cast.actor("kari")))
    assert (carried["team"], carried["ticket"], carried["verdict"]) == ("north", "FB-1", "fixed")
    assert carried["receipt"] == str(taken.receipts[0].client_uuid)


def test_what_ran_before_a_release_was_withdrawn_did_run(cast: Cast) -> None:
    withdraw_release(actor=cast.actor("kari"), release=Release.objects.get(), reason="Drifts in wind.")
    assert not take(cast, line()).refused
    after = line(installed_at=clock.now().isoformat())
    assert "Drifts in wind." in take(cast, after).refused[0].error
    assert Installation.objects.count() == 1


def test_a_table_of_installations_is_the_same_at_both_doors(cast: Cast) -> None:
    table = "component,version,team,platform,hardware,installed_at,client_uuid\n"
    table += "autopilot,1.0,north,quad-10,A,2026-03-01T12:30:00Z,\n"
    table += f"autopilot,1.0,north,,A,2026-03-02T10:00Z,{uuid.uuid4()}\n"
    take_batch(actor=cast.actor("olena"), rows=read_csv(table))
    assert not take(cast, table).refused
    take_batch(actor=cast.actor("olena"), rows=read_csv(table))
    assert Installation.objects.count() == 2

"""What a team's device does in place of a person: report, follow, install, say whether it helped; and no more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from foundation.accounts.actors import Actor, actor_of_device
from foundation.journal.models import Entry
from foundation.kit import clock
from frontline_feedback.actions import accept_ticket, comment_ticket, report_ticket
from frontline_feedback.models import Ticket, Verdict
from frontline_feedback.report_start import report_start
from releases.models import Installation
from rnd.engineering.actions import move_task, open_task
from tests.cast import Cast
from tests.releases.world import make_world

JSON = "application/json"


@pytest.fixture
def tablet(cast: Cast) -> Actor:
    return actor_of_device(cast.device(cast.north).device)


def reported(cast: Cast, actor: Actor, title: str = "Link drops", **change: object) -> Ticket:
    values: dict[str, object] = {"team": cast.north, "component": cast.autopilot, **change}
    return report_ticket(
        actor=actor,
        title=title,
        platform=cast.platform,
        severity="S2",
        seen_at=clock.now(),
        **values,  # type: ignore[arg-type]  # a test's shorthand
    )


@pytest.mark.django_db
def test_a_device_reports_and_its_name_stands_where_a_persons_would(cast: Cast) -> None:
    phone = cast.device_client(cast.device(cast.north, "Tablet 2"))
    form = {
        "team": cast.north.pk, "platform": cast.platform.pk, "component": cast.radio.pk, "severity": "S2",
        "title": "Link drops", "client_uuid": str(uuid4()), "as_of": "2026-03-01T12:00:00+00:00", "seen": "60",
    }  # fmt: skip
    response = phone.post("/report/", form)
    assert response.status_code == 302, response.content.decode()[-3000:]
    ticket = Ticket.objects.get()
    assert (ticket.reporter, ticket.told_by) == (None, "Tablet 2")
    entry = Entry.objects.get(kind="ticket.received")
    assert (entry.actor_kind, entry.actor_id, entry.actor_name) == ("device", ticket.device_id, "Tablet 2")
    assert "Tablet 2" in cast.client_of("ingrid").get(f"/{ticket.key}").content.decode()
    row = cast.api_client_of("ingrid").get(f"/api/v1/feedback/{ticket.key}/").json()
    assert (row["reporter"], row["device"]) == (None, "Tablet 2")
    assert "Link drops" in phone.get("/", follow=True).content.decode()
    assert phone.get(f"/{ticket.key}").status_code == 200


@pytest.mark.django_db
def test_a_device_sees_its_teams_tickets_and_no_others(cast: Cast) -> None:
    mine = reported(cast, cast.actor("olena"))
    easts = reported(cast, cast.actor("stepan"), "Height jumps", team=cast.east)
    enrolled = cast.device(cast.north)
    phone, api = cast.device_client(enrolled), Client(headers={"Authorization": f"Bearer {enrolled.secret}"})
    assert phone.get(f"/{mine.key}").status_code == 200
    assert phone.get(f"/{easts.key}").status_code == 404
    assert [row["key"] for row in api.get("/api/v1/feedback/").json()["results"]] == [mine.key]
    assert api.get(f"/api/v1/feedback/{easts.key}/").status_code == 404
    body = {"body": "Me too"}
    assert api.post(f"/api/v1/feedback/{easts.key}/comments/", body, content_type=JSON).status_code == 404
    for address in ("/tasks/", "/triage/", "/people/", "/devices/"):
        assert phone.get(address).status_code in (403, 404), address
    assert api.get("/api/v1/tasks/").json()["results"] == []
    assert api.post("/api/v1/tasks/", {}, content_type=JSON).json()["code"] == "accounts.scope_missing"


@pytest.mark.django_db
def test_the_form_begins_with_what_this_device_reported_last_and_never_with_what_others_did(
    cast: Cast, tablet: Actor
) -> None:
    from foundation.accounts.actors import SYSTEM

    reported(cast, SYSTEM, team=cast.east, component=cast.radio)  # nobody's either, and another team's
    assert report_start(tablet).component is None
    reported(cast, tablet, component=cast.radio)
    assert report_start(tablet).component == cast.radio
    other = actor_of_device(cast.device(cast.north, "Tablet 3").device)
    assert report_start(other).component is None


@pytest.mark.django_db
def test_the_same_comment_of_a_device_is_one_and_anothers_is_refused(cast: Cast, tablet: Actor) -> None:
    from foundation.kit.errors import Conflict

    ticket, uuid = reported(cast, tablet), uuid4()
    first = comment_ticket(actor=tablet, ticket=ticket, body="Again today", client_uuid=uuid)
    assert comment_ticket(actor=tablet, ticket=ticket, body="Again today", client_uuid=uuid) == first
    assert first.told_by == "Tablet"
    other = actor_of_device(cast.device(cast.north, "Tablet 3").device)
    with pytest.raises(Conflict):
        comment_ticket(actor=other, ticket=ticket, body="Again today", client_uuid=uuid)


@pytest.mark.django_db(transaction=True)
def test_a_device_installs_the_fix_and_says_that_it_helped(
    cast: Cast, tmp_path: Path, drain: Callable[[], object]
) -> None:
    world = make_world(cast, tmp_path)
    enrolled = cast.device(cast.north, "Gateway")
    api = Client(headers={"Authorization": f"Bearer {enrolled.secret}"})
    ticket = accept_ticket(actor=cast.actor("ingrid"), ticket=reported(cast, actor_of_device(enrolled.device)))
    magnus = cast.actor("magnus")
    task = open_task(actor=magnus, component=cast.autopilot, title="Reject steps", ticket=ticket)
    world.box.commit(f"Reject steps\n\nFixes: {task.key}")
    world.fetch()
    drain()
    move_task(actor=magnus, task=task, stage="done")
    world.published("1.1")
    drain()
    body = {"component": "autopilot", "release": "1.1", "team": "north", "hardware": "A", "client_uuid": str(uuid4())}
    installed = api.post("/api/v1/installations/", body, content_type=JSON)
    assert installed.status_code == 201, installed.content
    assert api.post("/api/v1/installations/", body, content_type=JSON).json() == installed.json()
    assert (installed.json()["reported_by"], installed.json()["device"]) == (None, "Gateway")
    elsewhere = api.post("/api/v1/installations/", {**body, "team": "east"}, content_type=JSON)
    assert elsewhere.status_code in (403, 404, 409, 422), elsewhere.content
    assert Installation.objects.get().told_by == "Gateway"
    drain()
    said = {"release": "1.1", "outcome": "fixed"}
    verdict = api.post(f"/api/v1/feedback/{ticket.key}/verdicts/", said, content_type=JSON)
    assert verdict.status_code == 201, verdict.content
    assert verdict.json()["device"] == "Gateway"
    assert Verdict.objects.get().told_by == "Gateway"
    ticket.refresh_from_db()
    assert (ticket.state, ticket.outcome) == ("closed", "fixed")
    assert "Gateway" in cast.client_of("ingrid").get(f"/{ticket.key}").content.decode()

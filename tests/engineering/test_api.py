"""`/api/v1/tasks/` end to end, as programs use it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from frontline_feedback.models import Ticket
from rnd.engineering.actions import open_task
from rnd.engineering.models import Task
from tests.cast import Cast

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def api(cast: Cast) -> Client:
    return cast.api_client_of("magnus", scopes=["tasks:write", "feedback:read"])


def test_a_task_goes_its_way_through_the_api(api: Client, cast: Cast, ticket: Ticket, team: Team) -> None:
    body = {"component": "radio", "title": "Warm it up", "ticket": ticket.key.lower(), "assignee": "magnus"}
    opened = api.post("/api/v1/tasks/", body, content_type=JSON)
    assert opened.status_code == 201, opened.content
    task = opened.json()
    assert (task["stage"], task["tickets"], task["assignee"], task["team"]) == ("queue", [ticket.key], "magnus", "oslo")
    address = f"/api/v1/tasks/{task['key']}/"
    assert opened["Location"].endswith(address)

    moved = api.post(f"{address}move/", {"stage": "test", "expected_stage": "queue"}, content_type=JSON)
    assert moved.json()["stage"] == "test"
    late = api.post(f"{address}move/", {"stage": "done", "expected_stage": "queue"}, content_type=JSON)
    assert (late.status_code, late.json()["code"]) == (409, "task.moved_meanwhile")
    blocked = api.post(f"{address}block/", {"reason": "No chamber"}, content_type=JSON)
    assert blocked.json()["blocked_reason"] == "No chamber"
    assert api.post(f"{address}unblock/", content_type=JSON).json()["blocked_since"] is None
    assert api.post(f"{address}assign/", {"assignee": None}, content_type=JSON).json()["assignee"] is None
    handed = api.post(f"{address}hand-over/", {"team": team.slug}, content_type=JSON)
    assert (handed.json()["assignee"], handed.json()["team"]) == (None, "autopilots")
    assert [one["key"] for one in api.get("/api/v1/tasks/?team=autopilots").json()["results"]] == [task["key"]]
    outside = api.post(f"{address}hand-over/", {"team": cast.north.slug}, content_type=JSON)
    assert (outside.status_code, outside.json()["code"]) == (422, "task.team_outside")
    unknown = api.post(f"{address}hand-over/", {"team": "nowhere"}, content_type=JSON)
    assert (unknown.status_code, unknown.json()["code"]) == (422, "task.team_unknown")
    assert api.post(f"{address}tickets/unlink/", {"ticket": ticket.key}, content_type=JSON).json()["tickets"] == []
    edited = api.post(f"{address}edit/", {"title": "Heat it", "body": "Slowly"}, content_type=JSON)
    assert (edited.json()["title"], edited.json()["body"]) == ("Heat it", "Slowly")
    assert api.get(address.lower()).json() == edited.json()


def test_a_repeated_create_gives_the_first_answer_and_another_body_is_refused(api: Client) -> None:
    body = {"component": "radio", "title": "Once", "client_uuid": str(uuid.uuid4())}
    first = api.post("/api/v1/tasks/", body, content_type=JSON)
    again = api.post("/api/v1/tasks/", body, content_type=JSON)
    other = api.post("/api/v1/tasks/", {**body, "title": "Twice"}, content_type=JSON)
    assert (first.status_code, again.status_code, first.content) == (201, 201, again.content)
    assert other.status_code == 409
    assert Task.objects.count() == 1


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("stage=open", 3),
        ("stage=done", 0),
        ("component=radio", 3),
        ("assignee=magnus", 0),
        ("q=warm", 1),
        ("q=ENG-1x", 0),
    ],
)
def test_the_list_is_narrowed_by_what_the_address_asks(
    api: Client, cast: Cast, magnus: Actor, task: Task, asked: str, found: int
) -> None:
    for number in (1, 2):
        open_task(actor=magnus, component=cast.radio, title=f"Other {number}")
    assert len(api.get(f"/api/v1/tasks/?{asked}").json()["results"]) == found


def test_an_unknown_stage_in_the_address_is_named(api: Client) -> None:
    refused = api.get("/api/v1/tasks/?stage=shipped")
    assert (refused.status_code, refused.json()["code"]) == (422, "task.unknown_stage")
    assert "shipped" in refused.json()["detail"]


def test_the_list_takes_as_many_queries_for_thirty_tasks_as_for_three(
    api: Client,
    cast: Cast,
    magnus: Actor,
    new_ticket: Callable[..., Ticket],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(30):
        open_task(
            actor=magnus, component=cast.radio, title=f"Task {number}", ticket=new_ticket() if number % 3 else None
        )
    with django_assert_max_num_queries(7):
        assert len(api.get("/api/v1/tasks/").json()["results"]) == 30

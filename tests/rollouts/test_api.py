"""Rollouts by program: the same verbs, refusals with stable codes, and a bounded number of queries."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from releases.rollouts.actions.abort_rollout import abort_rollout
from tests.rollouts.world import World

pytestmark = pytest.mark.django_db
URL = "/api/v1/rollouts/"


def send(client: Client, url: str, body: dict[str, object], status: int = 200) -> Any:
    response = client.post(url, json.dumps(body), content_type="application/json")
    assert response.status_code == status, response.content.decode()
    return response.json()


def new(**more: object) -> dict[str, object]:
    return {
        "component": "autopilot",
        "release": "2.0",
        "channel": "fleet",
        "groups": [
            {"teams": ["north"], "soak_hours": 12},
            {"teams": ["east", "south"], "gate": True},
        ],
        "tell": ["henrik"],
        "worse_limit": 2,
        **more,
    }


def test_a_rollout_is_started_paused_resumed_advanced_and_aborted(world: World) -> None:
    world.approved()
    kari = world.cast.api_client_of("kari")
    found = send(kari, URL, new(), 201)
    assert (found["state"], found["waits_for"], found["tell"]) == ("running", "soak", ["henrik"])
    assert found["waits_until"] is not None
    assert [[team["team"] for team in group["teams"]] for group in found["groups"]] == [["north"], ["east", "south"]]
    url = f"{URL}{found['id']}/"
    assert kari.get(url).json() == found
    assert send(kari, f"{url}pause/", {"reason": "A report"})["state"] == "paused"
    assert send(kari, f"{url}advance/", {}, 409)["code"] == "rollout.not_possible"
    assert send(kari, f"{url}resume/", {})["state"] == "running"
    assert send(kari, f"{url}advance/", {}, 422)["code"] == "rollout.reason_missing"
    assert send(kari, f"{url}advance/", {"reason": "Now"})["groups"][1]["begun_at"] is not None
    assert send(kari, f"{url}abort/", {"reason": "A better one"})["waits_for"] == "over"


def test_a_team_answers_for_itself(world: World) -> None:
    rollout = world.start()
    olena = world.cast.api_client_of("olena")
    url = f"{URL}{rollout.pk}/answer/"
    said = send(olena, url, {"team": "north", "answer": "failed", "note": "It hangs"})
    assert (said["team"], said["answer"]) == ("north", "failed")
    assert send(olena, url, {"team": "north", "answer": "skipped", "note": "No time"}, 403)["status"] == 403
    assert olena.get(f"{URL}{rollout.pk}/").status_code == 404
    stepan = world.cast.api_client_of("stepan")
    assert send(stepan, url, {"team": "east", "answer": "failed", "note": "It hangs"}, 404)["status"] == 404


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"groups": []}, "rollout.groups_missing"),
        ({"groups": [{"teams": []}]}, "rollout.groups_missing"),
        ({"groups": [{"teams": ["west"]}]}, "input.team_unknown"),
        ({"groups": [{"teams": ["oslo"]}]}, "rollout.team_outside"),
        ({"tell": ["nobody"]}, "input.tell_unknown"),
        ({"release": "9.9"}, "input.release_unknown"),
    ],
)
def test_what_cannot_be_started_says_why(world: World, more: dict[str, object], code: str) -> None:
    world.approved()
    assert send(world.cast.api_client_of("kari"), URL, new(**more), 422)["code"] == code


def test_the_list_is_filtered_and_takes_as_many_queries_for_three_as_for_one(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = world.cast.client_of("kari")
    for version in ("2.0", "2.1", "2.2"):
        rollout = world.start(world.approved(version))
        abort_rollout(actor=world.cast.actor("kari"), rollout=rollout, reason="Next")
    world.start(world.approved("2.3"))
    with django_assert_max_num_queries(9):
        assert len(client.get(URL).json()["results"]) == 4
    assert [row["release"] for row in client.get(f"{URL}?state=running").json()["results"]] == ["2.3"]
    assert client.get(f"{URL}?release=2.1&component=autopilot").json()["results"][0]["state"] == "aborted"
    assert client.get(f"{URL}?state=asleep").json()["code"] == "query.unknown_value"

"""The API of what ships: the same verbs, with refusals that programs can read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client

from releases.models import Installation
from tests.releases import api_world
from tests.releases.world import World

pytestmark = pytest.mark.django_db


def get(client: Client, url: str, status: int = 200) -> Any:
    response = client.get(f"/api/v1/{url}")
    assert response.status_code == status, response.content
    return response.json()


def post(client: Client, url: str, body: Mapping[str, object] | None = None, status: int = 200) -> Any:
    response = client.post(f"/api/v1/{url}", body or {}, content_type="application/json")
    assert response.status_code == status, response.content
    return response.json() if response.content else None


def test_a_release_goes_its_way_through_the_api(world: World) -> None:
    kari, henrik = world.cast.api_client_of("kari"), world.cast.api_client_of("henrik")
    release = world.draft("1.1", "Warm up\n\nFixes: FB-12")
    (found,) = get(kari, "releases/?component=autopilot&state=draft&version=1.1")["results"]
    assert found["id"] == release.pk
    assert found["commit"] == release.commit.sha
    assert "FB-12" in found["notes"]
    address = f"releases/{release.pk}/"
    assert post(kari, f"{address}approve/", status=409)["code"] == "release.not_candidate"
    assert post(kari, f"{address}propose/")["state"] == "candidate"
    assert post(kari, f"{address}approve/", status=403)["code"] == "release.own_approval"
    assert post(henrik, f"{address}approve/")["approved_by"] == "henrik"
    published = post(kari, f"{address}publish/", {"channel": "pilot"})
    assert [one["channel"] for one in published["publications"]] == ["pilot"]
    assert post(kari, f"{address}publish/", {"channel": "lab"}, 409)["code"] == "release.out_already"
    assert post(kari, f"{address}notes/", {"notes": "Mine."})["notes"] == "Mine."
    assert "FB-12" in post(kari, f"{address}notes/generate/")["notes"]
    refused = post(kari, f"{address}withdraw/", {"reason": "Bad.", "replacement": "9"}, 422)
    assert refused["errors"][0]["field"] == "replacement"
    better = world.published("1.2")
    withdrawn = post(kari, f"{address}withdraw/", {"reason": "Bad.", "replacement": "1.2"})
    assert (withdrawn["state"], withdrawn["replacement"]) == ("withdrawn", better.version)


def test_contents_are_asked_by_release_and_by_commit(world: World) -> None:
    client = world.cast.api_client_of("magnus")
    old = world.release("1.0")
    release = world.draft("1.1", "A", "B")
    base = old.commit.sha

    def shas(query: str) -> set[str]:
        return {commit["sha"] for commit in get(client, f"commits/?{query}")["results"]}

    assert shas(f"release={release.pk}") == world.box.rev_list("v1.1")
    assert shas(f"new_in={release.pk}") == world.box.rev_list("v1.0..v1.1")
    assert shas(f"release={release.pk}&not_in={old.pk}") == world.box.rev_list("v1.0..v1.1")
    assert shas(f"release={old.pk}&not_in={release.pk}") == set()
    assert shas(f"repository=autopilot-firmware&sha={base[:12]}") == {base}
    assert get(client, "commits/?sha=xyz", 422)["code"] == "query.sha_invalid"
    assert get(client, "commits/?release=999999", 422)["code"] == "input.release_unknown"
    answer = get(client, f"releases/{old.pk}/holds/{release.commit.sha}/")
    assert answer == {"release": "1.0", "commit": release.commit.sha, "holds": False, "first_release": "1.1"}
    assert get(client, f"releases/{release.pk}/holds/{base}/")["holds"] is True
    assert get(client, f"releases/{release.pk}/holds/{'0' * 40}/", 404)["code"] == "commit.not_found"


def test_repositories_are_listed_added_and_fetched(world: World) -> None:
    client = world.cast.api_client_of("kari")
    (found,) = get(client, "repositories/?component=autopilot")["results"]
    assert found["slug"] == "autopilot-firmware"
    new = {"url": "https://git.example/sokil/radio.git", "component": "radio"}
    assert post(client, "repositories/", new, 201)["name"] == "radio"
    assert post(client, "repositories/", new, 409)["code"] == "repository.registered"
    refused = post(client, "repositories/", {"url": "http://a.example/x", "component": "radio"}, 422)
    assert refused["code"] == "repository.address_refused"
    assert refused["errors"][0]["field"] == "url"
    post(client, "repositories/", {"url": "https://a.example/x", "component": "wing-control"}, 422)
    assert post(client, "repositories/radio/fetch/")["fetched_at"] is None


def test_an_installation_is_reported_once_however_often_it_is_sent(world: World) -> None:
    world.published("1.1")
    client = world.cast.api_client_of("olena")
    body: dict[str, object] = {
        "component": "autopilot", "release": "1.1", "team": "north", "hardware": "A",
        "client_uuid": "6e4d2f57-6a5b-4f0c-9d0c-3d2c4f1f9a03",
    }  # fmt: skip
    first = post(client, "installations/", body, 201)
    assert (first["platform"], first["reported_by"]) == ("quad-10", "olena")
    assert post(client, "installations/", body, 201) == first
    assert post(client, "installations/", body | {"hardware": "B"}, 409)["code"] == "idempotency.key_reused"
    assert Installation.objects.count() == 1
    assert get(client, "installations/?team=north&component=autopilot&release=1.1")["results"] == [first]
    assert get(world.cast.api_client_of("stepan"), "installations/")["results"] == []
    del body["client_uuid"]
    for wrong, field in [({"hardware": "Z"}, "hardware"), ({"release": "1.0"}, "release"), ({"team": "x"}, "team")]:
        assert post(client, "installations/", body | wrong, 422)["errors"][0]["field"] == field


def test_subscriptions_are_set_and_ended(world: World) -> None:
    client = world.cast.api_client_of("kari")
    body: dict[str, object] = {"team": "north", "component": "autopilot", "channel": "pilot"}
    assert post(client, "subscriptions/", body)["channel"] == "pilot"
    assert [one["team"] for one in get(client, "subscriptions/?team=north")["results"]] == ["north"]
    post(client, "subscriptions/", body | {"channel": None}, 204)
    assert get(client, "subscriptions/")["results"] == []


def test_reporters_see_published_releases_only(world: World) -> None:
    api_world.draft(world.cast, "8.0")
    world.published("1.1")
    client = world.cast.api_client_of("olena")
    assert [one["version"] for one in get(client, "releases/")["results"]] == ["1.1"]
    assert get(client, "commits/")["results"] == []
    assert get(client, "releases/?version=a%00b")["results"] == []
    assert get(client, "releases/?state=lost", 422)["code"] == "query.unknown_value"


@pytest.mark.parametrize("url", ["releases/", "repositories/", "commits/", "installations/", "subscriptions/"])
def test_lists_ask_the_database_little(world: World, django_assert_max_num_queries: Any, url: str) -> None:
    for number in range(3):
        world.draft(f"2.{number}", "x", "y")
    world.published("3.0")
    client = world.cast.api_client_of("kari")
    get(client, url)
    with django_assert_max_num_queries(6):
        get(client, url)

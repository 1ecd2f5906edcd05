"""Relations of commits, glossary, translated notes and patterns by program: what the pages do, over the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast
from tests.releases import api_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def kari(client: Client, cast: Cast) -> Client:
    client.force_login(cast.kari)
    return client


def post(client: Client, address: str, body: dict[str, Any]) -> Any:
    return client.post(f"/api/v1/{address}", json.dumps(body), content_type="application/json")


def test_a_suggested_backport_is_confirmed(kari: Client, cast: Cast) -> None:
    found = api_world.backport(cast)
    (listed,) = kari.get("/api/v1/relations/?state=suggested&component=autopilot").json()["results"]
    assert (listed["commit"], listed["other"], listed["basis"]) == (found.commit.sha, found.named, "author_date")
    answer = post(kari, f"relations/{found.pk}/decide/", {"confirmed": True})
    assert (answer.status_code, answer.json()["state"], answer.json()["decided_by"]) == (200, "confirmed", "kari")
    assert kari.get("/api/v1/relations/?state=wrong").json()["code"] == "query.unknown_value"


def test_a_word_is_set_said_anew_and_taken_out(kari: Client, cast: Cast) -> None:
    made = post(kari, "terms/", {"programme": "sokil", "en": "lock", "uk": "захоплення"})
    assert made.status_code == 201
    assert kari.get(made["Location"]).json()["uk"] == "захоплення"
    again = post(kari, "terms/", {"programme": "sokil", "en": "lock", "uk": "фіксація", "nb": "lås"})
    assert again.json()["id"] == made.json()["id"]
    assert post(kari, "terms/", {"programme": "sokil", "en": "lock"}).status_code == 204
    assert kari.get("/api/v1/terms/?programme=sokil").json()["results"] == []
    assert post(kari, "terms/", {"programme": "nowhere", "en": "lock"}).json()["code"] == "input.programme_unknown"


def test_notes_in_a_language_fall_back_visibly(kari: Client, cast: Cast) -> None:
    release = api_world.draft(cast)
    address = f"releases/{release.pk}/notes"
    before = kari.get(f"/api/v1/{address}/in/nb/").json()
    assert (before["asked"], before["language"]) == ("nb", "en")
    said = post(kari, f"{address}/translate/", {"language": "nb", "text": "Retter det meste."}).json()
    assert (said["language"], said["text"], said["stale"]) == ("nb", "Retter det meste.", False)
    assert post(kari, f"{address}/", {"notes": "Mends more."}).status_code == 200
    assert kari.get(f"/api/v1/{address}/in/nb/").json()["stale"]


def test_a_repository_says_how_its_tags_are_read(kari: Client, cast: Cast) -> None:
    repository = api_world.repository(cast)
    answer = post(kari, f"repositories/{repository.slug}/patterns/", {"tag_pattern": r"^fw-(\d.*)$"})
    assert answer.json()["tag_pattern"] == r"^fw-(\d.*)$"
    assert answer.json()["pull_request_pattern"] == repository.pull_request_pattern, "what is left out stays"
    emptied = post(kari, f"repositories/{repository.slug}/patterns/", {"pull_request_pattern": ""}).json()
    assert (emptied["tag_pattern"], emptied["pull_request_pattern"]) == (r"^fw-(\d.*)$", "")
    refused = post(kari, f"repositories/{repository.slug}/patterns/", {"tag_pattern": "fw-.*"})
    assert (refused.status_code, refused.json()["code"]) == (422, "repository.tag_pattern_invalid")


def test_the_lists_take_few_queries(kari: Client, cast: Cast, django_assert_max_num_queries: Any) -> None:
    for number in range(5):
        post(kari, "terms/", {"programme": "sokil", "en": f"word {number}", "nb": "ord"})
    with django_assert_max_num_queries(8):
        assert len(kari.get("/api/v1/terms/").json()["results"]) == 5
    with django_assert_max_num_queries(8):
        kari.get("/api/v1/relations/")

"""The API of the catalogue: one's own programmes, to read."""

from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast


def results(client: Client, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/api/v1/{path}").json()["results"]
    return found


def test_it_tells_programmes_platforms_components_and_hardware(cast: Cast) -> None:
    client = cast.api_client_of("magnus")
    assert results(client, "programmes/") == [
        {
            "slug": "sokil",
            "name": "Sokil",
            "time_zone": "Europe/Kyiv",
            "teams": ["east", "ntnu", "north", "oslo"],
        }
    ]
    assert results(client, "platforms/") == [
        {"slug": "quad-10", "name": "Quad 10", "programme": "sokil", "hardware": ["A", "B"]}
    ]
    assert {row["slug"] for row in results(client, "components/")} == {"autopilot", "radio"}
    assert [(row["name"], row["platform"]) for row in results(client, "hardware/")] == [
        ("B", "quad-10"),
        ("A", "quad-10"),
    ]


@pytest.mark.parametrize("path", ["programmes/", "platforms/", "components/", "hardware/"])
def test_a_partner_finds_it_empty(cast: Cast, path: str) -> None:
    assert results(cast.api_client_of("liv"), path) == []


@pytest.mark.parametrize(
    "path", ["programmes/sokil/", "platforms/quad-10/", "components/radio/", "hardware/{rev_a.pk}/"]
)
def test_what_is_of_another_programme_is_not_found(cast: Cast, path: str) -> None:
    address = f"/api/v1/{path.format(rev_a=cast.rev_a)}"
    assert cast.api_client_of("olena").get(address).status_code == 200
    for stranger in ("sigrid", "vira", "astri", "liv"):
        assert cast.api_client_of(stranger).get(address).status_code == 404


def test_lists_can_be_narrowed(cast: Cast) -> None:
    client = cast.api_client_of("magnus")
    assert len(results(client, "components/?programme=sokil")) == 2
    assert results(client, "components/?programme=lastivka") == []
    assert results(client, "platforms/?programme=%00") == []
    assert len(results(client, "hardware/?platform=quad-10")) == 2
    assert client.get("/api/v1/hardware/?programme=sokil").json()["code"] == "query.unknown"


def test_a_reporter_is_not_told_of_other_field_teams(cast: Cast) -> None:
    assert results(cast.api_client_of("olena"), "programmes/")[0]["teams"] == ["ntnu", "north", "oslo"]


def test_a_token_needs_the_catalogues_scope(cast: Cast) -> None:
    assert cast.api_client_of("magnus", ["catalogue:read"]).get("/api/v1/components/").status_code == 200
    assert cast.api_client_of("magnus", ["feedback:write"]).get("/api/v1/components/").status_code == 403


@pytest.mark.parametrize(
    ("path", "most"), [("programmes/", 4), ("platforms/", 4), ("components/", 3), ("hardware/", 3)]
)
def test_a_list_takes_few_queries(cast: Cast, path: str, most: int, django_assert_max_num_queries: Any) -> None:
    client = cast.api_client_of("magnus")
    client.get("/api/v1/me/")
    with django_assert_max_num_queries(most):
        client.get(f"/api/v1/{path}")

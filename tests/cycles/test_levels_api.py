"""Managers set service levels and baselines by the API; everyone who reads reports reads them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from rnd.cycles import levels
from rnd.cycles.actions import set_service_level
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def post(client: Client, address: str, status: int, body: dict[str, Any]) -> Any:
    response = client.post(f"/api/v1/cycles/{address}/", body, content_type="application/json")
    assert response.status_code == status, response.content
    return response.json()


def test_a_service_level_is_set_and_read_with_its_history(cast: Cast) -> None:
    body: dict[str, Any] = {"programme": cast.programme.slug, "severity": "S1", "days": 14}
    made = post(cast.api_client_of("solveig"), "service-levels", 201, body)
    assert (made["percent"], made["days"], made["set_by"]) == (85, 14, "solveig")
    post(cast.api_client_of("solveig"), "service-levels", 201, {**body, "percent": 90, "days": None})
    listed = cast.api_client_of("magnus").get("/api/v1/cycles/service-levels/").json()["results"]
    assert [level["days"] for level in listed] == [None, 14]
    assert levels.service_levels(cast.programme.pk) == {}


def test_a_baseline_is_set_and_what_is_wrong_is_named(cast: Cast) -> None:
    body = {"programme": cast.programme.slug, "first": "2026-01-01", "last": "2026-03-31"}
    made = post(cast.api_client_of("solveig"), "baselines", 201, body)
    found = cast.api_client_of("olena").get(f"/api/v1/cycles/baselines/{made['id']}/").json()
    assert found == made
    refused = post(cast.api_client_of("solveig"), "baselines", 422, {**body, "last": "2025-01-01"})
    assert refused["code"] == "baseline.reversed"
    refused = post(cast.api_client_of("solveig"), "baselines", 422, {**body, "programme": "nowhere"})
    assert refused["code"] == "input.programme_unknown"


@pytest.mark.parametrize("name", ["magnus", "olena", "arne"])
def test_only_managers_set_them(cast: Cast, name: str) -> None:
    body = {"programme": cast.programme.slug, "severity": "S1", "days": 14}
    assert post(cast.api_client_of(name), "service-levels", 403, body)["code"]


@pytest.mark.parametrize("address", ["service-levels", "baselines"])
def test_a_list_takes_few_queries(
    cast: Cast, address: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for days in range(1, 9):
        set_service_level(actor=cast.actor("solveig"), programme=cast.programme, severity="S2", days=days)
    client = cast.api_client_of("solveig")
    with django_assert_max_num_queries(8):
        assert client.get(f"/api/v1/cycles/{address}/").status_code == 200

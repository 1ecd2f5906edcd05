"""The API of accounts: who one is, which teams there are, and how tokens are let in or refused."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from foundation.accounts.actions.deactivate_user import deactivate_user
from foundation.accounts.actions.revoke_token import revoke_token
from foundation.accounts.models import ApiToken
from foundation.kit import clock
from tests.cast import Cast

ME = "/api/v1/me/"
TEAMS = "/api/v1/teams/"


def bearer(token: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {token}"})


def slugs(client: Client, url: str = TEAMS) -> set[str]:
    return {row["slug"] for row in client.get(url).json()["results"]}


def test_me_tells_who_the_token_belongs_to(cast: Cast) -> None:
    answer = cast.api_client_of("ingrid", ["feedback:write", "accounts:read"]).get(ME)
    assert answer.json() == {
        "username": "ingrid",
        "name": "Ingrid Dahl",
        "language": "",
        "time_zone": "",
        "memberships": [{"team": "oslo", "name": "Oslo", "kind": "engineering", "role": "triager"}],
        "scopes": ["accounts:read", "feedback:write"],
    }


def test_me_needs_no_scope_and_a_session_has_none(cast: Cast) -> None:
    assert cast.api_client_of("liv", ["feedback:read"]).get(ME).status_code == 200
    assert cast.client_of("ingrid").get(ME).json()["scopes"] is None


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer a b", "Bearer nonsense", "Bearer \xff", "Token x", "Basic eDp5"]
)
def test_without_a_known_token_the_answer_is_401_and_asks_for_a_bearer(cast: Cast, header: str) -> None:
    answer = Client(headers={"Authorization": header}).get(TEAMS)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"].startswith("http.")


def test_a_token_ends_with_its_expiry(cast: Cast) -> None:
    client = cast.api_client_of("ingrid")
    assert client.get(TEAMS).status_code == 200
    with clock.at(clock.now() + timedelta(days=31)):
        refused = client.get(TEAMS)
    assert refused.status_code == 401
    assert "expired on" in refused.json()["detail"]
    assert ApiToken.objects.count() == 1, "An expired token is kept: the journal names it."


def test_a_revoked_token_opens_nothing(cast: Cast) -> None:
    client = cast.api_client_of("ingrid")
    revoke_token(actor=cast.actor("ingrid"), token=ApiToken.objects.get())
    assert "revoked" in client.get(TEAMS).json()["detail"]


def test_the_token_of_a_deactivated_person_opens_nothing(cast: Cast) -> None:
    client = cast.api_client_of("ingrid")
    deactivate_user(actor=cast.actor("arne"), user=cast.ingrid)
    refused = client.get(TEAMS)
    assert (refused.status_code, refused.json()["detail"]) == (401, "The account of this token is deactivated.")


def test_a_token_without_the_scope_is_told_which_it_lacks(cast: Cast) -> None:
    refused = cast.api_client_of("ingrid", ["feedback:write"]).get(TEAMS)
    assert (refused.status_code, refused.json()["code"]) == (403, "accounts.scope_missing")
    assert "accounts:read" in refused.json()["detail"]


def test_the_last_use_is_kept_to_the_hour(cast: Cast, django_assert_num_queries: Any) -> None:
    client, start = cast.api_client_of("ingrid"), clock.now()
    with clock.at(start):
        client.get(ME)
        assert ApiToken.objects.get().last_used_at == start
    with clock.at(start + timedelta(minutes=59)):
        client.get(ME)
        assert ApiToken.objects.get().last_used_at == start
    with clock.at(start + timedelta(minutes=61)):
        client.get(ME)
        assert ApiToken.objects.get().last_used_at == start + timedelta(minutes=61)


def test_a_reporter_knows_the_own_team_and_those_that_build(cast: Cast) -> None:
    assert slugs(cast.api_client_of("olena")) == {"north", "oslo", "ntnu"}


def test_who_works_programme_wide_knows_its_teams_and_no_foreign_one(cast: Cast) -> None:
    assert slugs(cast.api_client_of("magnus")) == {"north", "east", "oslo", "ntnu"}
    assert slugs(cast.api_client_of("sigrid")) == {"west", "bergen"}


def test_a_partner_knows_the_own_team_only(cast: Cast) -> None:
    assert slugs(cast.api_client_of("liv")) == {"ntnu"}


def test_a_foreign_team_is_not_found(cast: Cast) -> None:
    client = cast.api_client_of("magnus")
    assert client.get(f"{TEAMS}north/").json() == {
        "slug": "north", "name": "North", "kind": "field", "programmes": ["sokil"],
    }  # fmt: skip
    assert client.get(f"{TEAMS}west/").status_code == 404


def test_of_a_shared_team_one_sees_the_own_programmes_only(cast: Cast) -> None:
    cast.foreign_programme.teams.add(cast.north)
    assert cast.api_client_of("magnus").get(f"{TEAMS}north/").json()["programmes"] == ["sokil"]


def test_the_list_of_teams_takes_four_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    client = cast.api_client_of("magnus")
    client.get(TEAMS)
    with django_assert_max_num_queries(4):  # token with user, standings, teams, their programmes
        client.get(TEAMS)


def test_it_answers_in_the_language_of_the_account_unless_asked_otherwise(cast: Cast) -> None:
    cast.olena.language = "uk"
    cast.olena.save()
    client = cast.api_client_of("olena")
    assert client.get(ME).headers["Content-Language"] == "uk"
    assert client.get(ME, headers={"Accept-Language": "nb"}).headers["Content-Language"] == "nb"

"""What a person says of a fix, said and read by programs."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from foundation.kit import clock
from frontline_feedback.actions import accept_ticket, report_ticket
from frontline_feedback.models import Ticket
from releases.models import Release
from tests.cast import Cast
from tests.releases import api_world

pytestmark = pytest.mark.django_db
URL = "/api/v1/statements/"
JSON = "application/json"


@pytest.fixture
def release(cast: Cast) -> Release:
    return api_world.published(cast)


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    reported = report_ticket(
        actor=cast.actor("olena"),
        team=cast.north,
        title="Height jumps in fog",
        platform=cast.platform,
        component=cast.autopilot,
        severity="S2",
        seen_at=clock.now(),
    )
    return accept_ticket(actor=cast.actor("ingrid"), ticket=reported)


def test_a_program_says_that_a_release_holds_a_fix_and_the_answer_changes(
    cast: Cast, ticket: Ticket, release: Release, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    api = cast.api_client_of("magnus")
    before = api.get(f"/api/v1/fixes/{ticket.key}/?in=1.0").json()
    assert before["holds"] is False
    body = {"ticket": ticket.key.lower(), "release": release.pk, "note": "It is a parameter: BARO_LPF."}
    first = api.post(URL, body, content_type=JSON)
    assert first.status_code == 201, first.content
    said = first.json()
    assert (said["ticket"], said["version"], said["said_by"], said["pass_number"]) == (ticket.key, "1.0", "magnus", 1)
    assert api.post(URL, body, content_type=JSON).json() == said
    assert api.get(first["Location"]).json() == said
    assert api.get(f"/api/v1/fixes/{ticket.key}/?in=1.0").json()["holds"] is True
    with django_assert_max_num_queries(6):
        assert api.get(f"{URL}?ticket={ticket.key}&release={release.pk}").json()["results"] == [said]
    assert api.get(URL, {"ticket": "FB-999"}).json()["results"] == []
    assert cast.api_client_of("olena").get(URL).json()["results"] == [said]
    assert cast.api_client_of("stepan").get(URL).json()["results"] == []


def test_what_cannot_be_said_is_refused_with_its_reason(cast: Cast, ticket: Ticket, release: Release) -> None:
    api = cast.api_client_of("magnus")

    def refused(client: object = api, **changes: object) -> tuple[int, str]:
        body = {"ticket": ticket.key, "release": release.pk, "note": "A setting.", **changes}
        answer = client.post(URL, body, content_type=JSON)  # type: ignore[attr-defined]  # a test client
        return answer.status_code, answer.json()["code"]

    assert refused(release=999) == (422, "fix.release_unknown")
    assert refused(ticket="FB-999") == (422, "ticket.ticket_unknown")
    assert refused(cast.api_client_of("olena")) == (403, "accounts.right_missing")
    assert refused(cast.api_client_of("magnus", ["releases:read", "feedback:write"])) == (403, "accounts.scope_missing")
    assert api.get(URL, {"release": "x"}).json()["code"] == "query.not_a_number"

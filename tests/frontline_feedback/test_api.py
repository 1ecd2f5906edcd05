"""`/api/v1/feedback/`: the verbs of tickets as programs use them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from frontline_feedback.models import Ticket, Verdict
from tests.cast import Cast
from tests.frontline_feedback.world import accepted, kinds, offered, offered_and_installed, release, report

pytestmark = pytest.mark.django_db
FEEDBACK = "/api/v1/feedback/"


def post(client: Client, path: str, body: object = None, **headers: str) -> Any:
    return client.post(
        FEEDBACK + path, body if body is not None else {}, content_type="application/json", headers=headers
    )


def problem(response: Any, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    data: dict[str, Any] = response.json()
    assert data["code"] == code
    return data


def body(**changes: object) -> dict[str, object]:
    return {
        "platform": "quad-10",
        "component": "autopilot",
        "title": "Loses position",
        "severity": "S2",
        "seen_at": "2026-03-01T08:30:00Z",
    } | changes


def test_a_report_is_created_read_and_listed(cast: Cast) -> None:
    shipped = release(cast.autopilot, "2.3.0")
    api = cast.api_client_of("olena")
    uuid = str(uuid4())
    response = post(
        api, "", body(client_uuid=uuid, hardware="B", version_text="2.3.0", body="**Drifts**", language="uk")
    )
    assert response.status_code == 201, response.content
    ticket = Ticket.objects.get()
    assert response["Location"] == f"http://testserver{FEEDBACK}{ticket.key}/"
    assert response["ETag"]
    data = response.json()
    assert data == {
        "key": ticket.key, "client_uuid": uuid, "programme": "sokil", "team": "north", "reporter": "olena",
        "device": None, "language": "uk", "title": "Loses position", "body": "**Drifts**", "conditions": "",
        "platform": "quad-10", "component": "autopilot", "hardware": "B", "release": shipped.version,
        "version_text": "2.3.0",
        "severity": "S2", "state": "received", "outcome": "", "closed_reason": "", "canonical": None,
        "pass_number": 1, "seen_at": "2026-03-01T08:30:00Z", "received_at": data["received_at"],
    }  # fmt: skip
    read = api.get(f"{FEEDBACK}{ticket.key.lower()}/")
    assert read.json() == data
    assert read["ETag"] == response["ETag"]
    assert api.get(f"{FEEDBACK}{ticket.key}/", headers={"If-None-Match": read["ETag"]}).status_code == 304
    assert api.get(FEEDBACK).json()["results"] == [data]


def test_sending_it_again_gives_the_same_answer_and_another_body_is_refused(cast: Cast) -> None:
    api = cast.api_client_of("olena")
    sent = body(client_uuid=str(uuid4()))
    first, again = post(api, "", sent), post(api, "", sent)
    assert (again.status_code, again.json()) == (201, first.json())
    problem(post(api, "", sent | {"title": "Another"}), 409, "idempotency.key_reused")
    # Another of the team's devices with the same uuid is told by the ticket itself.
    other = cast.api_client_of("bohdan")
    problem(post(other, "", sent | {"title": "Another"}), 409, "ticket.uuid_reused")
    assert post(other, "", sent).json()["key"] == first.json()["key"]
    keyed = {"Idempotency-Key": "abc"}
    one, two = post(api, "", body(), **keyed), post(api, "", body(), **keyed)
    assert one.json()["key"] == two.json()["key"]
    assert Ticket.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"severity": "S9"}, 400, "input.invalid"),
        ({"title": " "}, 422, "input.invalid"),
        ({"seen_at": "yesterday"}, 400, "input.invalid"),
        ({"nonsense": 1}, 400, "input.invalid"),
        ({"component": "wing-control"}, 422, "ticket.component_unknown"),
        ({"platform": "wing-3"}, 422, "ticket.platform_unknown"),
        ({"hardware": "Z"}, 422, "ticket.hardware_unknown"),
        ({"team": "west"}, 422, "ticket.team_unknown"),
        ({"seen_at": "2126-03-01T08:30:00Z"}, 422, "ticket.seen_at_in_future"),
    ],
)
def test_what_cannot_be_right_is_refused(cast: Cast, changes: dict[str, object], status: int, code: str) -> None:
    problem(post(cast.api_client_of("olena"), "", body(**changes)), status, code)
    assert not Ticket.objects.exists()


def test_a_triager_names_the_team(cast: Cast) -> None:
    api = cast.api_client_of("ingrid")
    problem(post(api, "", body()), 422, "ticket.team_missing")
    assert post(api, "", body(team="east")).json()["team"] == "east"


def test_an_engineer_does_not_report(cast: Cast) -> None:
    problem(post(cast.api_client_of("magnus"), "", body(team="north")), 403, "accounts.right_missing")


def test_triage_from_accept_to_reopen(cast: Cast) -> None:
    api = cast.api_client_of("ingrid")
    ticket, other = report(cast), report(cast, who="stepan")
    data = post(api, f"{ticket.key}/accept/", {"severity": "S1", "component": "radio", "hardware": None}).json()
    assert (data["state"], data["severity"], data["component"]) == ("accepted", "S1", "radio")
    problem(post(api, f"{ticket.key}/accept/"), 409, "ticket.not_in_triage")
    problem(post(api, f"{ticket.key}/reject/", {"reason": "No"}), 409, "ticket.not_in_triage")
    data = post(api, f"{other.key}/merge/", {"into": ticket.key.lower()}).json()
    assert data["canonical"] == {"key": ticket.key, "state": "accepted", "outcome": ""}
    assert (data["state"], data["outcome"], data["reporter"]) == ("closed", "duplicate", "stepan")
    assert post(api, f"{other.key}/reopen/", {"reason": "Another"}).json()["state"] == "received"
    assert post(api, f"{other.key}/reject/", {"reason": "Not ours"}).json()["closed_reason"] == "Not ours"
    data = post(api, f"{ticket.key}/close/", {"outcome": "answered", "reason": "See the manual"}).json()
    assert (data["state"], data["outcome"]) == ("closed", "answered")
    data = post(api, f"{ticket.key}/reclassify/", {"hardware": "A"}).json()
    assert data["hardware"] == "A"


def test_refusals_of_triage(cast: Cast) -> None:
    api, ticket = cast.api_client_of("ingrid"), report(cast)
    problem(post(api, f"{ticket.key}/reject/", {}), 400, "input.invalid")
    problem(post(api, f"{ticket.key}/close/", {"outcome": "fixed", "reason": "x"}), 400, "input.invalid")
    problem(post(api, f"{ticket.key}/merge/", {"into": "FB-999999"}), 422, "ticket.into_unknown")
    problem(post(api, f"{ticket.key}/merge/", {"into": ticket.key}), 422, "ticket.merge_with_itself")
    problem(post(api, f"{ticket.key}/merge/", {"into": "12"}), 400, "input.invalid")
    problem(post(api, f"{ticket.key}/reopen/", {"reason": "x"}), 409, "ticket.not_closed")
    problem(post(cast.api_client_of("magnus"), f"{ticket.key}/accept/"), 403, "accounts.right_missing")
    problem(post(cast.api_client_of("stepan"), f"{ticket.key}/accept/"), 404, "ticket.not_found")
    problem(
        post(cast.api_client_of("ingrid", ["feedback:read"]), f"{ticket.key}/accept/"), 403, "accounts.scope_missing"
    )
    assert kinds(ticket) == ["ticket.received"]


def test_a_change_of_something_that_has_changed_is_refused(cast: Cast) -> None:
    api, ticket = cast.api_client_of("ingrid"), report(cast)
    etag = api.get(f"{FEEDBACK}{ticket.key}/")["ETag"]
    assert post(api, f"{ticket.key}/reclassify/", {"severity": "S1"}, **{"If-Match": etag}).status_code == 200
    problem(post(api, f"{ticket.key}/accept/", **{"If-Match": etag}), 412, "http.precondition_failed")


def test_what_one_may_not_see_is_not_there(cast: Cast) -> None:
    ticket = report(cast)
    for who in ("stepan", "roman", "liv"):
        api = cast.api_client_of(who)
        problem(api.get(f"{FEEDBACK}{ticket.key}/"), 404, "ticket.not_found")
        problem(api.get(f"{FEEDBACK}{ticket.key}/verdicts/"), 404, "ticket.not_found")
        problem(api.get(f"{FEEDBACK}{ticket.key}/comments/"), 404, "ticket.not_found")
        assert api.get(FEEDBACK).json()["results"] == []
    assert Client().get(FEEDBACK).status_code == 401


def test_the_list_filters_and_pages(cast: Cast) -> None:
    api = cast.api_client_of("ingrid")
    tickets = [report(cast, severity=severity, title=f"Fault {severity}") for severity in ("S1", "S2", "S1")]
    first = api.get(FEEDBACK, {"severity": "S1", "page_size": "1"}).json()
    assert [t["key"] for t in first["results"]] == [tickets[2].key]
    assert [t["key"] for t in api.get(first["next"]).json()["results"]] == [tickets[0].key]
    counts: list[tuple[dict[str, str], int]] = [
        ({"q": tickets[1].key}, 1), ({"state": "received"}, 3), ({"state": "closed"}, 0), ({"team": "east"}, 0),
        ({"component": "autopilot", "platform": "quad-10", "programme": "sokil"}, 3), ({"outcome": "fixed"}, 0),
    ]  # fmt: skip
    for query, count in counts:
        assert len(api.get(FEEDBACK, query).json()["results"]) == count, query
    problem(api.get(FEEDBACK, {"severity": "urgent"}), 422, "query.unknown_value")
    problem(api.get(FEEDBACK, {"colour": "red"}), 422, "query.unknown")


def test_a_verdict_is_given_and_listed(cast: Cast) -> None:
    ticket = accepted(cast)
    offered_and_installed(cast, ticket)
    api = cast.api_client_of("olena")
    sent = {"release": "2.3.0", "outcome": "not_fixed", "note": "Still", "client_uuid": str(uuid4()), "hardware": "B"}
    response = post(api, f"{ticket.key}/verdicts/", sent)
    assert response.status_code == 201, response.content
    verdict = Verdict.objects.get()
    data = response.json()
    assert response["Location"].endswith(f"/{ticket.key}/verdicts/{verdict.pk}/")
    assert data["ticket"] == ticket.key
    assert (data["component"], data["release"], data["hardware"], data["pass_number"]) == ("autopilot", "2.3.0", "B", 1)
    assert post(api, f"{ticket.key}/verdicts/", sent).json() == data
    assert api.get(f"{FEEDBACK}{ticket.key}/verdicts/").json()["results"] == [data]
    assert api.get(response["Location"]).json() == data
    assert api.get(f"{FEEDBACK}{ticket.key}/").json()["pass_number"] == 2


def test_refusals_of_verdicts(cast: Cast) -> None:
    ticket = accepted(cast)
    api = cast.api_client_of("olena")
    path, sent = f"{ticket.key}/verdicts/", {"release": "2.3.0", "outcome": "fixed"}
    problem(post(api, path, sent), 422, "verdict.release_unknown")
    offered(ticket, release(cast.autopilot, "2.3.0"))
    problem(post(api, path, sent), 409, "verdict.not_installed")
    problem(post(api, path, sent | {"outcome": "maybe"}), 400, "input.invalid")
    problem(post(cast.api_client_of("ingrid"), path, sent), 403, "accounts.right_missing")
    offered(ticket, release(cast.radio, "2.3.0"))
    problem(post(api, path, sent), 422, "verdict.release_ambiguous")
    problem(post(api, path, sent | {"component": "radio"}), 409, "verdict.not_installed")


def test_comments_go_both_ways(cast: Cast) -> None:
    ticket = report(cast)
    for who, text in (("olena", "Cold day."), ("magnus", "How cold?")):
        response = post(cast.api_client_of(who), f"{ticket.key}/comments/", {"body": text})
        assert response.status_code == 201, response.content
    api = cast.api_client_of("bohdan")
    listed = api.get(f"{FEEDBACK}{ticket.key}/comments/").json()["results"]
    assert [(comment["author"], comment["body"]) for comment in listed] == [
        ("magnus", "How cold?"),
        ("olena", "Cold day."),
    ]
    assert api.get(f"{FEEDBACK}{ticket.key}/comments/{listed[0]['id']}/").json() == listed[0]
    problem(post(api, f"{ticket.key}/comments/", {"body": " "}), 422, "input.invalid")


@pytest.mark.parametrize(("path", "most"), [("", 6), ("{key}/", 6), ("{key}/verdicts/", 7), ("{key}/comments/", 7)])
def test_reading_costs_few_queries(cast: Cast, django_assert_max_num_queries: Any, path: str, most: int) -> None:
    tickets = [accepted(cast, hardware=cast.rev_a) for _ in range(12)]
    api = cast.api_client_of("ingrid")
    with django_assert_max_num_queries(most):
        assert api.get(FEEDBACK + path.format(key=tickets[0].key)).status_code == 200

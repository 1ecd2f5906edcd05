"""`GET /api/v1/journal/`: what integrations follow."""

from typing import Any

import psycopg
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast
from tests.journal.things import LAMP, move, note, note_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def api(cast: Cast) -> Client:
    return cast.api_client_of("arne", scopes=["journal:read"])


@pytest.fixture
def start(api: Client) -> str:
    """The cursor after everything that made the cast."""
    cursor, more = "", True
    while more:
        page = api.get("/api/v1/journal/", {"cursor": cursor, "page_size": "200"} if cursor else {}).json()
        cursor, more = page["cursor"], page["more"]
    return cursor


def test_following_gives_each_entry_once_and_in_order(api: Client, start: str) -> None:
    written = [note().id for _ in range(5)]
    seen: list[int] = []
    cursor, more = start, True
    while more:
        page = api.get("/api/v1/journal/", {"cursor": cursor, "page_size": "2"}).json()
        assert len(page["results"]) <= 2
        seen += [entry["id"] for entry in page["results"]]
        cursor, more = page["cursor"], page["more"]
    assert seen == written
    quiet = api.get("/api/v1/journal/", {"cursor": cursor}).json()
    assert (quiet["results"], quiet["more"]) == ([], False)
    later = note().id
    assert [entry["id"] for entry in api.get("/api/v1/journal/", {"cursor": quiet["cursor"]}).json()["results"]] == [
        later
    ]


def test_an_entry_says_who_when_and_what(api: Client, start: str) -> None:
    written = move(LAMP, "shelf")
    (entry,) = api.get("/api/v1/journal/", {"cursor": start}).json()["results"]
    assert entry == {
        "id": written.id,
        "kind": "thing.moved",
        "subject_type": "thing",
        "subject_id": 1,
        "occurred_at": written.occurred_at.isoformat().replace("+00:00", "Z"),
        "recorded_at": written.recorded_at.isoformat().replace("+00:00", "Z"),
        "actor_kind": "system",
        "actor_id": None,
        "actor_name": "Fieldloop",
        "team_id": None,
        "data": {"to": "shelf"},
    }


def test_an_open_transaction_delays_what_came_after_it_and_nothing_is_skipped(
    api: Client, start: str, other_session: psycopg.Connection[Any]
) -> None:
    slow = note_in(other_session)
    quick = note().id
    page = api.get("/api/v1/journal/", {"cursor": start}).json()
    assert page["results"] == []
    other_session.commit()
    results = api.get("/api/v1/journal/", {"cursor": page["cursor"]}).json()["results"]
    assert [entry["id"] for entry in results] == [slow, quick]


def test_only_the_kinds_asked_for(api: Client, start: str) -> None:
    note()
    moved = move(LAMP, "shelf")
    page = api.get("/api/v1/journal/", {"cursor": start, "kind": ["thing.moved", "task.moved"]}).json()
    assert [entry["id"] for entry in page["results"]] == [moved.id]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"kind": "thing.vanished"}, "journal.kind_unknown"),
        ({"cursor": "yesterday"}, "journal.cursor_invalid"),
        ({"cursor": "1-1-2-" + "9" * 30}, "journal.cursor_invalid"),
        ({"page_size": "0"}, "paging.size_invalid"),
        ({"colour": "red"}, "query.unknown"),
    ],
)
def test_what_makes_no_sense_is_refused(api: Client, query: dict[str, str], code: str) -> None:
    answer = api.get("/api/v1/journal/", query)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_cursor_from_before_a_restored_backup_is_refused(api: Client, start: str) -> None:
    mark, place = start.split("-", 1)
    answer = api.get("/api/v1/journal/", {"cursor": f"{(int(mark) + 1) % 1_000_000}-{place}"})
    assert (answer.status_code, answer.json()["code"]) == (422, "journal.cursor_elsewhere")


def test_only_administrators_with_the_scope_follow(cast: Cast) -> None:
    assert cast.api_client_of("solveig").get("/api/v1/journal/").status_code == 403
    assert cast.api_client_of("arne", scopes=["tasks:read"]).get("/api/v1/journal/").status_code == 403


def test_the_feed_costs_three_queries_beside_the_sign_in(
    api: Client, start: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(20):
        note()
    with django_assert_max_num_queries(6):
        api.get("/api/v1/journal/", {"cursor": start})

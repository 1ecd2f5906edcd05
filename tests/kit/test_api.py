"""The API's plumbing: one shape of error, cursor pages, ETags, and changes that may be sent again."""

import threading
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from rest_framework.test import APIClient

from foundation.kit import clock
from foundation.kit.actions.forget_idempotent_requests import KEPT_FOR, forget_idempotent_requests
from foundation.kit.models import IdempotentRequest

pytestmark = [pytest.mark.urls("tests.kit.api_world"), pytest.mark.django_db]
GROUPS = "/api/v1/groups/"


@pytest.fixture
def user() -> Any:
    return get_user_model().objects.create_user("nina")


@pytest.fixture
def api(user: Any) -> APIClient:
    return client_of(user)


def client_of(user: Any) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(user)
    return client


def problem(response: Any, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    data: dict[str, Any] = response.json()
    assert data.keys() == {"type", "title", "status", "detail", "code", "errors"}
    assert (data["status"], data["code"]) == (status, code)
    assert data["detail"]
    return data


def test_a_refusal_by_an_action_is_a_problem_with_its_field(api: APIClient) -> None:
    data = problem(api.post(GROUPS, {"name": "forbidden name"}), 422, "group.name_refused")
    assert data["title"] == "Unprocessable Entity"
    assert data["errors"] == [
        {"field": "name", "code": "group.name_refused", "message": "No group may be called “forbidden name”."}
    ]


def test_a_missing_field_is_named(api: APIClient) -> None:
    data = problem(api.post(GROUPS, {}), 400, "input.invalid")
    assert [(e["field"], e["code"]) for e in data["errors"]] == [("name", "required")]


def test_an_unknown_field_is_refused_and_not_swallowed(api: APIClient) -> None:
    data = problem(api.post(GROUPS, {"name": "a", "nmae": "b"}), 400, "input.invalid")
    assert [(e["field"], e["code"]) for e in data["errors"]] == [("nmae", "unknown_field")]


@pytest.mark.parametrize("name", [5, True, 1.5, ["a"], {"a": 1}])
def test_a_value_of_another_json_type_is_refused(api: APIClient, name: object) -> None:
    data = problem(api.post(GROUPS, {"name": name}), 400, "input.invalid")
    assert [(e["field"], e["code"]) for e in data["errors"]] == [("name", "wrong_type")]


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff", b'{"name": NaN}', b'{"name": "a", "name": "b"}', b'{"name": "\\ud800"}', b'{"name": "\\u0000"}'],
)
def test_what_is_no_strict_json_is_a_parse_error(api: APIClient, body: bytes) -> None:
    response = api.post(GROUPS, body, content_type="application/json")
    problem(response, 400, "http.parse_error")


def test_plain_http_refusals_are_problems_too(api: APIClient) -> None:
    problem(APIClient().get(GROUPS), 401, "http.not_authenticated")
    problem(api.get(f"{GROUPS}999/"), 404, "http.not_found")
    problem(api.get("/api/v1/nothing/"), 404, "http.not_found")
    problem(api.delete(GROUPS), 405, "http.method_not_allowed")
    problem(api.get(GROUPS, headers={"Accept": "text/html"}), 406, "http.not_acceptable")
    problem(api.post(GROUPS, "name=a", content_type="text/plain"), 415, "http.unsupported_media_type")


def test_405_says_what_is_allowed(api: APIClient) -> None:
    assert {"GET", "POST"} <= set(api.delete(GROUPS)["Allow"].split(", "))


def test_the_servers_own_fault_is_a_problem_and_undoes_the_change(api: APIClient) -> None:
    group = Group.objects.create(name="a")
    response = api.post(f"{GROUPS}{group.pk}/rename/", {"name": "fall over"}, headers={"Idempotency-Key": "k"})
    assert problem(response, 500, "http.internal_server_error")["detail"].startswith("Something went wrong")
    group.refresh_from_db()
    assert group.name == "a"
    assert not IdempotentRequest.objects.exists()


@override_settings(API_RATE="2/min")
def test_too_many_requests_are_told_when_to_come_back(api: APIClient) -> None:
    cache.clear()
    with clock.at(datetime(2026, 3, 1, 12, 0, 15, tzinfo=UTC)):
        assert [api.get(GROUPS).status_code for _ in range(2)] == [200, 200]
        response = api.get(GROUPS)
        problem(response, 429, "http.throttled")
        assert response["Retry-After"] == "46"
    with clock.at(datetime(2026, 3, 1, 12, 1, tzinfo=UTC)):
        assert api.get(GROUPS).status_code == 200


@override_settings(API_RATE="1/min")
def test_callers_are_let_through_while_the_cache_is_down(api: APIClient) -> None:
    down = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}}
    with override_settings(CACHES=down):
        assert [api.get(GROUPS).status_code for _ in range(2)] == [200, 200]


def test_pages_follow_each_other_while_rows_arrive(api: APIClient) -> None:
    Group.objects.bulk_create(Group(name=f"g{n}") for n in range(5))
    first = api.get(GROUPS, {"page_size": 2}).json()
    Group.objects.create(name="arrived in between")
    second = api.get(first["next"]).json()
    third = api.get(second["next"]).json()
    assert [row["name"] for page in (first, second, third) for row in page["results"]] == ["g4", "g3", "g2", "g1", "g0"]
    assert third["next"] is None
    assert [row["name"] for row in api.get(third["previous"]).json()["results"]] == ["g2", "g1"]


@pytest.mark.parametrize("size", ["0", "201", "ten", "-1", "1.5", "٣"])
def test_a_page_size_out_of_bounds_is_refused(api: APIClient, size: str) -> None:
    problem(api.get(GROUPS, {"page_size": size}), 422, "paging.size_invalid")


@pytest.mark.parametrize("name", ["cursor", "page_size"])
def test_an_empty_place_in_a_list_does_not_begin_anew(api: APIClient, name: str) -> None:
    data = problem(api.get(GROUPS, {name: ""}), 422, "query.empty")
    assert data["errors"][0]["field"] == name
    assert f"“{name}” is empty" in data["detail"]


@pytest.mark.parametrize("cursor", ["nonsense", "cD1hYmM=", "cD0lMDA="])
def test_a_forged_cursor_is_refused(api: APIClient, cursor: str) -> None:
    Group.objects.create(name="a")
    problem(api.get(GROUPS, {"cursor": cursor}), 422, "paging.cursor_invalid")


def test_an_unknown_parameter_is_refused(api: APIClient) -> None:
    problem(api.get(GROUPS, {"pagesize": ""}), 422, "query.unknown")
    data = problem(api.get(GROUPS, {"pagesize": "5"}), 422, "query.unknown")
    assert "page_size" in data["detail"]


def test_a_reader_who_has_it_already_is_answered_304(api: APIClient) -> None:
    group = Group.objects.create(name="a")
    first = api.get(f"{GROUPS}{group.pk}/")
    assert first["ETag"].startswith('"')
    again = api.get(f"{GROUPS}{group.pk}/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    Group.objects.update(name="b")
    assert api.get(f"{GROUPS}{group.pk}/", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_writer_who_read_an_older_state_is_refused(api: APIClient) -> None:
    group = Group.objects.create(name="a")
    url = f"{GROUPS}{group.pk}/rename/"
    read = api.get(f"{GROUPS}{group.pk}/")["ETag"]
    changed = api.post(url, {"name": "b"}, headers={"If-Match": read})
    assert changed.json() == {"id": group.pk, "name": "b"}
    problem(api.post(url, {"name": "c"}, headers={"If-Match": read}), 412, "http.precondition_failed")
    assert api.post(url, {"name": "c"}, headers={"If-Match": changed["ETag"]}).status_code == 200
    assert api.post(url, {"name": "d"}, headers={"If-Match": "*"}).status_code == 200
    assert Group.objects.get().name == "d"


def test_a_create_says_where_the_new_thing_is(api: APIClient) -> None:
    response = api.post(GROUPS, {"name": "a"})
    assert response.status_code == 201
    read = api.get(response["Location"])
    assert (read.content, read["ETag"]) == (response.content, response["ETag"])


def test_the_same_key_and_body_give_the_first_answer_again(api: APIClient) -> None:
    first = api.post(GROUPS, {"name": "a"}, headers={"Idempotency-Key": "k1"})
    Group.objects.update(name="renamed since")
    again = api.post(GROUPS, {"name": "a"}, headers={"Idempotency-Key": "k1"})
    assert Group.objects.count() == 1
    assert again["Idempotency-Replayed"] == "true"
    assert (again.status_code, again.content) == (201, first.content)
    for header in ("ETag", "Location", "Content-Type"):
        assert again[header] == first[header]


def test_the_same_key_with_another_body_is_refused(api: APIClient) -> None:
    api.post(GROUPS, {"name": "a"}, headers={"Idempotency-Key": "k1"})
    problem(api.post(GROUPS, {"name": "b"}, headers={"Idempotency-Key": "k1"}), 409, "idempotency.key_reused")
    assert Group.objects.count() == 1


def test_a_devices_own_uuid_is_a_key_as_well(api: APIClient) -> None:
    body = {"name": "a", "client_uuid": str(uuid.uuid4())}
    assert api.post(GROUPS, body).content == api.post(GROUPS, body).content
    problem(api.post(GROUPS, body | {"name": "b"}), 409, "idempotency.key_reused")


def test_a_key_is_its_users_own(api: APIClient) -> None:
    other = client_of(get_user_model().objects.create_user("olena"))
    api.post(GROUPS, {"name": "a"}, headers={"Idempotency-Key": "k1"})
    assert other.post(GROUPS, {"name": "b"}, headers={"Idempotency-Key": "k1"}).status_code == 201


def test_a_refused_request_may_be_mended_under_its_key(api: APIClient) -> None:
    problem(api.post(GROUPS, {"name": "forbidden name"}, headers={"Idempotency-Key": "k1"}), 422, "group.name_refused")
    assert api.post(GROUPS, {"name": "a"}, headers={"Idempotency-Key": "k1"}).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 201, "ключ"])
def test_a_key_that_is_none_is_refused(api: APIClient, key: str) -> None:
    response = api.post(GROUPS, {"name": "a"}, HTTP_IDEMPOTENCY_KEY=key)
    problem(response, 422, "idempotency.key_invalid")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_under_one_key_change_once(user: Any) -> None:
    answers: list[Any] = []

    def ask() -> None:
        answers.append(client_of(user).post(GROUPS, {"name": "a"}, headers={"Idempotency-Key": "k1"}))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Group.objects.count() == 1
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert sum("Idempotency-Replayed" in answer for answer in answers) == 3


def test_old_answers_are_forgotten(api: APIClient) -> None:
    api.post(GROUPS, {"name": "a"}, headers={"Idempotency-Key": "k1"})
    assert forget_idempotent_requests() == 0
    with clock.at(clock.now() + KEPT_FOR):
        assert forget_idempotent_requests() == 1
    assert not IdempotentRequest.objects.exists()

"""The API keeps what its description promises, tried at every boundary by somebody who may do nearly everything."""

from typing import Any, Final
from unittest.mock import patch

import pytest
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator

from foundation.kit.api.serializers import InputSerializer
from foundation.kit.api.views import BaseViewSet
from tests.api.asking import failures_of
from tests.cast import Cast
from tests.house.routes import every_route

KEPT: Final = ("Content-Type", "Content-Disposition", "Content-Language", "Vary")


def test_every_answer_is_as_described(cast: Cast) -> None:
    failures = failures_of(cast, {"admin": cast.token(cast.arne)}, examples=2, coverage=True)
    assert not failures, "\n\n".join(failures)


def test_the_description_is_valid_openapi(client: Any) -> None:
    from openapi_spec_validator import validate  # two seconds, which every worker would take to collect the tests

    response = client.get("/api/schema/", {"format": "json"})
    assert response.status_code == 200
    validate(response.json())


def test_the_description_is_drawn_up_once_for_each_language_and_form(client: Any) -> None:
    def answer(**headers: str) -> Any:
        found = client.get("/api/schema/", headers=headers)
        return found.status_code, found.content, {name: found.headers.get(name) for name in KEPT}

    first = answer(accept="application/vnd.oai.openapi+json")
    with patch.object(SchemaGenerator, "get_schema", side_effect=AssertionError("drawn up again")):
        assert answer(accept="application/vnd.oai.openapi+json") == first
    assert first[0] == 200
    assert first[2]["Content-Type"].startswith("application/vnd.oai.openapi+json")
    assert first[2]["Content-Language"] == "en"
    written = answer(accept="application/vnd.oai.openapi")
    assert written[1].startswith(b"openapi: 3.1.0")
    other = answer(**{"accept": "application/vnd.oai.openapi+json", "accept-language": "uk"})
    assert other[2]["Content-Language"] == "uk"
    assert client.get("/api/schema/", {"format": "nothing"}).status_code == 404


def test_the_description_is_made_without_a_warning(tmp_path: Any) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


@pytest.mark.django_db
def test_what_may_be_empty_is_then_as_if_it_were_left_out(cast: Cast, client: Any) -> None:
    api, tried = cast.api_client_of("arne"), 0
    for address, operations in client.get("/api/schema/", {"format": "json"}).json()["paths"].items():
        named = [one for one in operations.get("get", {}).get("parameters", ()) if one["in"] == "query"]
        empty = {one["name"]: "" for one in named if one.get("allowEmptyValue")}
        assert not {"cursor", "page_size"} & empty.keys()
        if empty and "{" not in address:
            tried += 1
            found, plain = api.get(address, empty), api.get(address)
            assert (found.status_code, moving(found.json())) == (plain.status_code, moving(plain.json())), address
    assert tried > 15


def moving(found: Any) -> Any:
    """Give an answer without what tells when it was asked."""
    return {name: value for name, value in found.items() if name != "as_of"} if isinstance(found, dict) else found


@pytest.mark.django_db
def test_every_operation_documents_its_refusals(client: Any) -> None:
    lacking = []
    for address, operations in client.get("/api/schema/", {"format": "json"}).json()["paths"].items():
        for method, operation in operations.items():
            expected = {"401", "403", "406", "429", "500", "503"} | ({"404"} if "{" in address else set())
            expected |= {"400", "409", "412", "415", "422"} if method != "get" else {"304"}
            if missing := expected - operation["responses"].keys():
                lacking.append(f"{method} {address}: {sorted(missing)}")
    assert not lacking, "\n".join(lacking)


def test_every_api_view_stands_on_the_kit() -> None:
    wrong = [
        route.address
        for route in every_route()
        if route.address.startswith("api/v1/") and not issubclass(getattr(route.view, "cls", object), BaseViewSet)
    ]
    assert not wrong, f"These have no ETag, actor or strict queries: {wrong}"


def test_request_bodies_refuse_what_they_do_not_know(client: Any) -> None:
    description = client.get("/api/schema/", {"format": "json"}).json()
    lax = []
    for address, operations in description["paths"].items():
        for method, operation in operations.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            name = body.get("$ref", "").rpartition("/")[2]
            if name and description["components"]["schemas"][name].get("additionalProperties") is not False:
                lax.append(f"{method} {address} ({name})")
    assert not lax, f"Derive these bodies from {InputSerializer.__name__}: {lax}"

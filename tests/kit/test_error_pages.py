"""Errors as people see them: a page, a fragment for htmx, problem+json for programs."""

import pytest
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import Client, RequestFactory

from foundation.kit.error_pages import DomainErrorMiddleware
from foundation.kit.errors import Conflict

pytestmark = [pytest.mark.urls("tests.kit.api_world"), pytest.mark.django_db]


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


def test_a_refusal_is_a_page_with_its_sentence_escaped(browser: Client) -> None:
    response = browser.get("/refusing/")
    assert response.status_code == 409
    text = response.content.decode()
    assert "FB-12 is closed. Reopen it &lt;first&gt;." in text
    assert "<h1" in text
    assert response.headers["Content-Security-Policy"]


def test_a_refusal_to_htmx_is_a_fragment_among_the_messages(browser: Client) -> None:
    response = browser.get("/refusing/", headers={"HX-Request": "true"})
    assert response.status_code == 409
    assert response.headers["HX-Retarget"] == "#messages"
    assert "<html" not in response.content.decode()
    assert "FB-12 is closed." in response.content.decode()


def test_a_boosted_link_gets_the_whole_page(browser: Client) -> None:
    response = browser.get("/refusing/", headers={"HX-Request": "true", "HX-Boosted": "true"})
    assert "<html" in response.content.decode()


@pytest.mark.parametrize(("address", "status"), [("/nothing-is-here/", 404), ("/broken/", 500)])
def test_other_errors_are_pages_too(browser: Client, address: str, status: int) -> None:
    response = browser.get(address)
    assert response.status_code == status
    assert "<h1" in response.content.decode()


def test_a_program_gets_a_problem_even_from_a_plain_view(browser: Client) -> None:
    for address, status, code in [
        ("/api/v1/broken/", 500, "http.internal_server_error"),
        ("/api/nothing/", 404, "http.not_found"),
    ]:
        response = browser.get(address)
        assert (response.status_code, response.json()["code"]) == (status, code)
        assert response.headers["Content-Type"] == "application/problem+json"


def test_a_form_without_its_token_says_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post("/plain/")
    assert response.status_code == 403
    assert "load the page anew" in response.content.decode()
    assert django_settings.CSRF_FAILURE_VIEW == "foundation.kit.error_pages.csrf_failure"


def test_a_request_for_another_host_is_refused_plainly(browser: Client) -> None:
    response = browser.get("/plain/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()


def test_other_exceptions_are_left_to_django() -> None:
    middleware = DomainErrorMiddleware(lambda request: HttpResponse())
    request = RequestFactory().get("/api/v1/x/")
    assert middleware.process_exception(request, ValueError()) is None
    answer = middleware.process_exception(request, Conflict("a.b", "No."))
    assert answer is not None
    assert answer.status_code == 409


@pytest.mark.parametrize(("language", "word"), [("en", "Not possible now")])
def test_the_heading_speaks_the_readers_language(browser: Client, language: str, word: str) -> None:
    assert word in browser.get("/refusing/", headers={"Accept-Language": language}).content.decode()

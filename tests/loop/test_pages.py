"""The pages that show the whole way: the list, the ticket, the answer, the release's panel."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from frontline_feedback.models import Ticket
from rnd.engineering.models import Task
from tests.loop.conftest import Way

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_ticket_page_tells_the_whole_story(way: Way, done: tuple[Ticket, Task], drain: Callable[[], None]) -> None:
    ticket, task = done
    release = way.world.published("1.1")
    way.install(release)
    drain()
    page = way.cast.client_of("magnus").get(f"/{ticket.key.lower()}").content.decode()
    for expected in (ticket.title, task.key, "Reject steps", "1.1", "North", "moved it from"):
        assert expected in page


def test_a_field_team_sees_its_ticket_without_the_engineers_tasks(way: Way, done: tuple[Ticket, Task]) -> None:
    ticket, task = done
    page = way.cast.client_of("olena").get(f"/{ticket.key}").content.decode()
    assert ticket.title in page
    assert task.key not in page
    assert way.cast.client_of("stepan").get(f"/{ticket.key}").status_code == 404


def test_the_answer_comes_as_page_fragment_and_api(way: Way, done: tuple[Ticket, Task]) -> None:
    ticket, _task = done
    way.world.draft("1.1")
    browser = way.cast.client_of("magnus")
    assert "Yes: the fix" in browser.get(f"/{ticket.key}/in?version=v1.1").content.decode()
    fragment = browser.get(f"/{ticket.key}/in?version=1.0", headers={"HX-Request": "true"}).content.decode()
    assert "No: the fix" in fragment
    assert "<html" not in fragment
    api = way.cast.api_client_of("magnus")
    answer = api.get(f"/api/v1/fixes/{ticket.key}/?version=1.1").json()
    assert (answer["holds"], answer["component"]) == (True, "autopilot")
    unknown = api.get(f"/api/v1/fixes/{ticket.key}/?version=9.9")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "release.not_found")


def test_a_release_shows_the_tickets_that_it_fixes(way: Way, done: tuple[Ticket, Task]) -> None:
    ticket, _task = done
    way.world.draft("1.1")
    panel = way.cast.client_of("magnus").get("/releases/autopilot/1.1/fixes/").content.decode()
    assert ticket.key in panel
    assert "only a part" not in panel


@pytest.mark.parametrize(("name", "where"), [("ingrid", "/tickets/"), ("olena", "/my/"), ("solveig", "/reports/")])
def test_each_is_sent_to_where_their_work_is(way: Way, name: str, where: str) -> None:
    assert way.cast.client_of(name).get("/")["Location"] == where


def test_the_list_is_rendered_once_but_shows_each_their_own(way: Way, done: tuple[Ticket, Task]) -> None:
    ticket, _task = done
    ingrid, olena, stepan = (way.cast.client_of(name) for name in ("ingrid", "olena", "stepan"))
    pages = [client.get("/tickets/?tab=all&q=%3Cb%3E").content.decode() for client in (ingrid, olena, ingrid)]
    tokens = [re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[0] for page in pages]
    assert len(set(tokens)) == 3
    for page, user, token in zip(pages, (way.cast.ingrid, way.cast.olena, way.cast.ingrid), tokens, strict=True):
        assert user.display_name in page
        assert page.count(token) > 1
        assert 'value="&lt;b&gt;"' in page
        assert "<b>" not in page.partition('<main id="main"')[2].partition("<table")[0]
    assert way.cast.olena.display_name not in pages[2]
    assert ticket.title in ingrid.get("/tickets/?tab=all").content.decode()
    assert ticket.title not in stepan.get("/tickets/?tab=all").content.decode()


def test_the_list_shows_a_message_once(way: Way, done: tuple[Ticket, Task]) -> None:
    ticket, _task = done
    ingrid = way.cast.client_of("ingrid")
    told = f"{ticket.key} is closed."
    ingrid.post(f"/{ticket.key}/close", {"outcome": "answered", "reason": "See the handbook."})
    assert [told in ingrid.get("/tickets/").content.decode() for _visit in range(2)] == [True, False]


def test_the_list_takes_as_many_queries_for_forty_tickets_as_for_two(
    way: Way, drain: Callable[[], None], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(40):
        way.report()
    drain()
    browser = way.cast.client_of("ingrid")
    with django_assert_max_num_queries(12):
        page = browser.get("/tickets/").content.decode()
    assert page.count("data-row") >= 40
    assert page.count('class="strip') >= 40


def test_the_ticket_page_takes_a_bounded_number_of_queries(
    way: Way, done: tuple[Ticket, Task], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = way.cast.client_of("magnus")
    with django_assert_max_num_queries(40):
        browser.get(f"/{done[0].key}")

"""The board, the list and the task page, through Django's own client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from foundation.accounts.actors import Actor
from foundation.accounts.models import Membership, Team
from frontline_feedback.models import Ticket
from rnd.engineering.actions import block_task, move_task, open_task
from rnd.engineering.models import Task
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_the_board_shows_open_tasks_in_their_columns(cast: Cast, magnus: Actor, task: Task) -> None:
    done = open_task(actor=magnus, component=cast.radio, title="Long done")
    move_task(actor=magnus, task=done, stage="done")
    block_task(actor=magnus, task=task, reason="Waits for a chamber")
    page = cast.client_of("magnus").get("/board/").content.decode()
    assert task.key in page
    assert "Waits for a chamber" in page
    assert "Long done" not in page


def test_an_empty_board_says_what_to_do(cast: Cast) -> None:
    assert "/tasks/open/" in cast.client_of("magnus").get("/board/").content.decode()


def test_a_task_is_opened_from_a_ticket_with_the_form_filled_in(cast: Cast, ticket: Ticket) -> None:
    browser = cast.client_of("magnus")
    form = browser.get(f"/tasks/open/?ticket={ticket.key}").content.decode()
    assert ticket.title in form
    sent = {
        "title": "Warm it up",
        "component": cast.radio.pk,
        "ticket": ticket.key,
        "assign_to_me": "on",
        "client_uuid": "8d6f1a54-9f37-4a3c-8f0a-0d2d52a7e2a1",
    }
    answer = browser.post("/tasks/open/", sent)
    again = browser.post("/tasks/open/", sent)
    task = Task.objects.get()
    assert answer["Location"] == again["Location"] == f"/{task.key}"
    assert (task.assignee, list(task.tickets.all())) == (cast.magnus, [ticket])


def test_a_form_that_is_not_right_says_so_and_keeps_what_was_typed(cast: Cast) -> None:
    answer = cast.client_of("magnus").post("/tasks/open/", {"title": "Kept", "component": "", "ticket": "FB-99999"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Kept" in page
    assert "FB-99999" in page


def test_the_page_of_a_task_moves_blocks_assigns_and_links(cast: Cast, task: Task, ticket: Ticket) -> None:
    browser = cast.client_of("magnus")
    page = f"/{task.key}"
    assert browser.get(page.lower()).status_code == 200
    assert browser.post(f"{page}/move", {"stage": "design", "expected_stage": "queue"})["Location"] == page
    assert browser.post(f"{page}/block", {"reason": "Waits"}).status_code == 302
    assert browser.post(f"{page}/unblock").status_code == 302
    assert browser.post(f"{page}/assign", {"assignee": cast.magnus.pk}).status_code == 302
    assert browser.post(f"{page}/edit", {"title": "Warmer", "body": "**Bold**"}).status_code == 302
    assert browser.post(f"{page}/tickets/{ticket.key}/unlink").status_code == 302
    assert browser.post(f"{page}/tickets", {"ticket": ticket.key.lower()}).status_code == 302
    shown = browser.get(page).content.decode()
    for expected in (
        "Warmer",
        "<strong>Bold</strong>",
        "Magnus Berg",
        "moved it from",
        "blocked it: Waits",
        ticket.key,
    ):
        assert expected in shown


def test_the_board_posts_where_a_card_was_dropped(cast: Cast, magnus: Actor, task: Task) -> None:
    other = open_task(actor=magnus, component=cast.radio, title="Other")
    move_task(actor=magnus, task=other, stage="build")
    browser = cast.client_of("magnus")
    answer = browser.post(f"/{task.key}/move", {"column": "build", "id": task.key, "before": other.key})
    assert answer.status_code == 204
    order = Task.objects.filter(stage="build").order_by("rank").values_list("pk", flat=True)
    assert list(order) == [task.pk, other.pk]


def test_what_cannot_be_done_is_said_on_a_page_of_its_own(cast: Cast, task: Task) -> None:
    answer = cast.client_of("magnus").post(f"/{task.key}/move", {"stage": "shipped"})
    assert answer.status_code == 422
    assert "shipped" in answer.content.decode()


@pytest.mark.parametrize("address", ["/board/", "/tasks/"])
def test_lists_take_as_many_queries_for_thirty_tasks_as_for_three(
    cast: Cast,
    magnus: Actor,
    new_ticket: Callable[..., Ticket],
    django_assert_max_num_queries: DjangoAssertNumQueries,
    address: str,
) -> None:
    ticket = new_ticket()
    for number in range(30):
        open_task(actor=magnus, component=cast.radio, title=f"Task {number}", ticket=ticket)
    browser = cast.client_of("magnus")
    with django_assert_max_num_queries(14):
        assert browser.get(address).content.decode().count("ENG-") >= 30


def test_the_page_of_a_task_takes_a_bounded_number_of_queries(
    cast: Cast, task: Task, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = cast.client_of("magnus")
    with django_assert_max_num_queries(18):
        browser.get(f"/{task.key}")


def test_a_task_is_handed_to_a_team_which_finds_it_on_its_board(cast: Cast, task: Task, team: Team) -> None:
    browser = cast.client_of("magnus")
    form = browser.get(f"/{task.key}").content.decode()
    assert f'<option value="team-{team.pk}">Autopilots</option>' in form
    assert browser.post(f"/{task.key}/assign", {"assignee": f"team-{team.pk}"}).status_code == 302
    shown = browser.get(f"/{task.key}").content.decode()
    assert f'<option value="team-{team.pk}" selected>' in shown
    assert '<option value="">nobody</option>' not in shown  # whoever is free there can take it
    assert "handed it to Autopilots" in shown
    assert task.key not in browser.get("/board/?assignee=team").content.decode()
    Membership.objects.filter(user=cast.magnus).update(team=team)
    assert task.key in browser.get("/board/?assignee=team").content.decode()
    assert browser.post(f"/{task.key}/assign", {"assignee": cast.magnus.pk}).status_code == 302
    assert task.key not in browser.get("/board/?assignee=team").content.decode()
    assert browser.post(f"/{task.key}/assign", {"assignee": "team-0"}).status_code == 422


class _Quicker:
    """Moves the task just before the n-th query of somebody else's page."""

    def __init__(self, actor: Actor, task: Task, nth: int) -> None:
        self.actor, self.task, self.left = actor, task, nth

    def __call__(self, execute: Callable[..., Any], *query: Any) -> Any:
        self.left -= 1
        if self.left == 0:
            move_task(actor=self.actor, task=self.task, stage="build")
        return execute(*query)


def test_who_reads_of_a_move_can_make_the_next_one(cast: Cast, magnus: Actor, task: Task) -> None:
    browser = cast.client_of("magnus")
    told = []
    for nth in range(1, 40):
        with transaction.atomic(), connection.execute_wrapper(_Quicker(magnus, task, nth)):
            page = browser.get(f"/{task.key}").content.decode()
            told.append("moved it from" in page)
            assert not told[-1] or 'name="expected_stage" value="build"' in page, f"the move before query {nth}"
            transaction.set_rollback(True)
    assert told[0]
    assert not told[-1]

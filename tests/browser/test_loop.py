"""The board, the task, the list and the ticket's whole story in a real browser, looked at and used."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from frontline_feedback.models import Ticket
from rnd.engineering.actions import block_task
from rnd.engineering.models import Task
from tests.browser.support import check_page
from tests.loop.conftest import Way, done, way  # noqa: F401  fixtures

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[[Any], "Page"]


def furnish(way: Way, ticket: Ticket, drain: Callable[[], object]) -> Task:  # noqa: F811 -- the fixture above
    """A shipped fix, a blocked task and a ticket in the queue."""
    way.install(way.world.published("1.1"))
    other = way.accept(way.report(by="bohdan"))
    task = way.open_task(other)
    way.commit(f"Half of it\n\nPart-of: {task.key}\n")
    drain()
    return block_task(actor=way.cast.actor("magnus"), task=task, reason="Waits for a climate chamber at the test site")


def test_every_page_of_the_loop_looks_right(
    way: Way,  # noqa: F811 -- the fixture above
    done: tuple[Ticket, Task],  # noqa: F811 -- the fixture above
    signed_in: SignedIn,
    drain: Callable[[], object],
) -> None:
    ticket, _task = done
    blocked = furnish(way, ticket, drain)
    page = signed_in(way.cast.magnus)
    for path, name in (
        ("/tickets/?tab=all", "tickets"),
        (f"/{ticket.key}", "ticket"),
        (f"/{ticket.key}/in?version=1.1", "fix-in"),
        ("/board/", "board"),
        ("/tasks/", "tasks"),
        (f"/{blocked.key}", "task"),
        (f"/tasks/open/?ticket={ticket.key}", "task-open"),
    ):
        check_page(page, path, name)


def test_empty_pages_say_what_to_do(way: Way, signed_in: SignedIn) -> None:  # noqa: F811 -- the fixture above
    page = signed_in(way.cast.magnus)
    check_page(page, "/board/", "board-empty")
    check_page(page, "/tickets/", "tickets-empty")


def test_a_card_is_moved_by_the_keyboard_and_stays_there(
    way: Way,  # noqa: F811 -- the fixture above
    done: tuple[Ticket, Task],  # noqa: F811 -- the fixture above
    signed_in: SignedIn,
) -> None:
    task = way.open_task(done[0])
    page = signed_in(way.cast.magnus)
    page.goto("/board/")
    card = page.locator(f"[data-sortable-id={task.key}]")
    card.focus()
    with page.expect_response(re.compile(f"/{task.key}/move")) as moved:
        page.keyboard.press("Shift+ArrowRight")
    assert moved.value.status == 204
    page.reload()
    expect(page.locator("[data-column=design]")).to_contain_text(task.key)


def test_the_answer_appears_beside_the_ticket(
    way: Way,  # noqa: F811 -- the fixture above
    done: tuple[Ticket, Task],  # noqa: F811 -- the fixture above
    signed_in: SignedIn,
) -> None:
    ticket, _task = done
    way.world.draft("1.1")
    page = signed_in(way.cast.magnus)
    page.goto(f"/{ticket.key}")
    page.get_by_label("Version").fill("1.1")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("#answer")).to_contain_text(f"Yes: the fix for {ticket.key} is in 1.1")

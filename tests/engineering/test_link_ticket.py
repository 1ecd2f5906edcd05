"""Linking tasks and tickets, many to many."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from foundation.accounts.actors import Actor
from foundation.journal.models import Entry
from foundation.kit.errors import Conflict, Forbidden, Invalid
from frontline_feedback.actions import merge_ticket
from frontline_feedback.models import Ticket
from rnd.engineering.actions import link_ticket, open_task, unlink_ticket
from rnd.engineering.models import Task
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_task_serves_several_tickets_and_a_ticket_several_tasks(
    cast: Cast, magnus: Actor, task: Task, new_ticket: Callable[..., Ticket]
) -> None:
    other_ticket = new_ticket()
    other_task = open_task(actor=magnus, component=cast.autopilot, title="Tell the pilot", ticket=other_ticket)
    link_ticket(actor=magnus, task=task, ticket=other_ticket)
    assert task.tickets.count() == 2
    assert set(other_ticket.tasks.all()) == {task, other_task}


def test_linking_twice_and_unlinking_twice_is_told_once(magnus: Actor, task: Task, ticket: Ticket) -> None:
    link_ticket(actor=magnus, task=task, ticket=ticket)
    unlink_ticket(actor=magnus, task=task, ticket=ticket)
    unlink_ticket(actor=magnus, task=task, ticket=ticket)
    kinds = list(Entry.objects.filter(subject_type="task").order_by("id").values_list("kind", flat=True))
    assert kinds == ["task.opened", "task.linked", "task.unlinked"]


def test_a_duplicate_is_not_linked_but_its_canonical_ticket_is_named(
    cast: Cast, ingrid: Actor, magnus: Actor, task: Task, ticket: Ticket, new_ticket: Callable[..., Ticket]
) -> None:
    duplicate = new_ticket(accepted=False)
    merge_ticket(actor=ingrid, ticket=duplicate, canonical=ticket)
    with pytest.raises(Conflict, match=ticket.key) as refused:
        link_ticket(actor=magnus, task=task, ticket=duplicate)
    assert refused.value.code == "task.ticket_is_duplicate"


def test_a_ticket_of_another_programme_is_refused(cast: Cast, ticket: Ticket) -> None:
    foreign = open_task(actor=cast.actor("roman"), component=cast.foreign_component, title="Elsewhere")
    with pytest.raises(Invalid) as refused:
        link_ticket(actor=cast.actor("roman"), task=foreign, ticket=ticket)
    assert refused.value.code == "task.other_programme"


def test_a_reporter_links_nothing(cast: Cast, task: Task, ticket: Ticket) -> None:
    with pytest.raises(Forbidden):
        link_ticket(actor=cast.actor("olena"), task=task, ticket=ticket)

"""Opening a task: from a ticket, on its own, twice by mistake."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from foundation.accounts.actors import Actor
from foundation.journal.models import Entry
from foundation.kit.errors import Conflict, Forbidden, Invalid
from frontline_feedback.models import Ticket
from rnd.engineering.actions import open_task
from rnd.engineering.models import Task
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_task_opened_from_a_ticket_is_linked_to_it_and_both_are_journalled(
    cast: Cast, magnus: Actor, ticket: Ticket
) -> None:
    task = open_task(actor=magnus, component=cast.radio, title="  Warm it up ", ticket=ticket)

    assert (task.stage, task.title, list(task.tickets.all())) == (Task.Stage.QUEUE, "Warm it up", [ticket])
    entries = Entry.objects.filter(subject_type="task", subject_id=task.pk).order_by("id")
    assert [entry.kind for entry in entries] == ["task.opened", "task.linked"]
    assert entries[1].data == {"ticket_id": ticket.pk}


def test_a_task_may_stand_alone(cast: Cast, magnus: Actor) -> None:
    assert not open_task(actor=magnus, component=cast.radio, title="Tidy the driver").tickets.exists()


def test_a_task_without_a_title_is_refused(cast: Cast, magnus: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        open_task(actor=magnus, component=cast.radio, title="   ")
    assert (refused.value.code, refused.value.field) == ("task.title_missing", "title")


def test_sending_the_same_task_twice_opens_it_once(cast: Cast, magnus: Actor) -> None:
    uuid = uuid4()
    first = open_task(actor=magnus, component=cast.radio, title="Once", client_uuid=uuid)
    assert open_task(actor=magnus, component=cast.radio, title="Once", client_uuid=uuid) == first
    assert Task.objects.count() == 1
    assert Entry.objects.filter(kind="task.opened").count() == 1


def test_the_same_uuid_for_another_task_is_refused(cast: Cast, magnus: Actor) -> None:
    uuid = uuid4()
    open_task(actor=magnus, component=cast.radio, title="Once", client_uuid=uuid)
    with pytest.raises(Conflict, match="already belongs to ENG-"):
        open_task(actor=magnus, component=cast.radio, title="Another", client_uuid=uuid)


def test_a_ticket_that_is_not_accepted_gets_no_task(
    cast: Cast, magnus: Actor, new_ticket: Callable[..., Ticket]
) -> None:
    waiting = new_ticket(accepted=False)
    with pytest.raises(Conflict) as refused:
        open_task(actor=magnus, component=cast.radio, title="Too early", ticket=waiting)
    assert refused.value.code == "task.ticket_not_accepted"
    assert not Task.objects.exists(), "what is refused leaves nothing behind"


@pytest.mark.parametrize("name", ["olena", "liv", "sigrid"])
def test_nobody_opens_tasks_without_the_right_in_that_programme(cast: Cast, name: str) -> None:
    with pytest.raises(Forbidden):
        open_task(actor=cast.actor(name), component=cast.radio, title="Mine")

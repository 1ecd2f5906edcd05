"""Open a task, from a ticket or on its own."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team, User
from foundation.catalogue.models import Component
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Invalid
from frontline_feedback.models import Ticket
from rnd.engineering.actions.assign_task import assign_task
from rnd.engineering.actions.link_ticket import link_ticket
from rnd.engineering.kinds import TaskOpened
from rnd.engineering.models import Task
from rnd.engineering.ranks import last_rank


@transaction.atomic
def open_task(
    *,
    actor: Actor,
    component: Component,
    title: str,
    body: str = "",
    ticket: Ticket | None = None,
    team: Team | None = None,
    assignee: User | None = None,
    client_uuid: UUID | None = None,
) -> Task:
    """Open a task in the queue of `component`; sending the same `client_uuid` again gives the same task.

    Raises Invalid for an empty title, Conflict `task.uuid_reused` where the uuid names another task, and
    whatever linking and assigning refuse.
    """
    actor.require("task.open", programme_id=component.programme_id)
    title = title.strip()
    if not title:
        raise Invalid("task.title_missing", _("A task needs a title that says what is to be done."), field="title")
    now = clock.now()
    uuid = client_uuid or uuid4()
    task, created = Task.objects.get_or_create(
        client_uuid=uuid,
        defaults={
            "component": component,
            "programme_id": component.programme_id,
            "team": team,
            "title": title,
            "body": body,
            "stage_since": now,
            "opened_at": now,
            "rank": last_rank(component.programme_id, Task.Stage.QUEUE),
        },
    )
    if not created:
        if (task.component_id, task.title, task.body) != (component.pk, title, body):
            raise Conflict(
                "task.uuid_reused",
                _("The identifier %(uuid)s already belongs to %(key)s. Use a new one for another task.")
                % {"uuid": uuid, "key": task.key},
                field="client_uuid",
            )
        return task
    record(
        TaskOpened(key=task.key, component_id=component.pk, team_id=task.team_id, title=title),
        subject=task,
        actor=actor,
        team_id=task.team_id,
    )
    if ticket is not None:
        link_ticket(actor=actor, task=task, ticket=ticket)
    if assignee is not None:
        task = assign_task(actor=actor, task=task, assignee=assignee)
    return task

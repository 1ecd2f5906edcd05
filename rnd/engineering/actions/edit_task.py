"""Say better what a task is about."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit.errors import Invalid
from rnd.engineering.kinds import TaskEdited
from rnd.engineering.locking import locked
from rnd.engineering.models import Task


@transaction.atomic
def edit_task(*, actor: Actor, task: Task, title: str, body: str) -> Task:
    """Replace title and body; raises Invalid for an empty title."""
    task = locked(task)
    actor.require("task.edit", programme_id=task.programme_id)
    title = title.strip()
    if not title:
        raise Invalid("task.title_missing", _("A task needs a title that says what is to be done."), field="title")
    if (task.title, task.body) == (title, body):
        return task
    task.title, task.body = title, body
    task.save(update_fields=["title", "body"])
    record(TaskEdited(title=title, body=body), subject=task, actor=actor, team_id=task.team_id)
    return task

"""Say that a task can go on."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.journal import record
from rnd.engineering.kinds import TaskUnblocked
from rnd.engineering.locking import locked
from rnd.engineering.models import Task


@transaction.atomic
def unblock_task(*, actor: Actor, task: Task) -> Task:
    """Unblock a task; where it is not blocked, nothing changes."""
    task = locked(task)
    actor.require("task.block", programme_id=task.programme_id)
    if not task.is_blocked:
        return task
    task.blocked_reason = ""
    task.blocked_since = None
    task.save(update_fields=["blocked_reason", "blocked_since"])
    record(TaskUnblocked(), subject=task, actor=actor, team_id=task.team_id)
    return task

"""Say that a task cannot go on, and why."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Invalid
from rnd.engineering.kinds import TaskBlocked
from rnd.engineering.locking import locked_open
from rnd.engineering.models import Task


@transaction.atomic
def block_task(*, actor: Actor, task: Task, reason: str) -> Task:
    """Block an open task with a reason; blocking again replaces the reason and keeps since when."""
    task = locked_open(task)
    actor.require("task.block", programme_id=task.programme_id)
    reason = reason.strip()
    if not reason:
        raise Invalid(
            "task.reason_missing",
            _("Say what %(key)s waits for, so that somebody can clear the way.") % {"key": task.key},
            field="reason",
        )
    if task.is_blocked and task.blocked_reason == reason:
        return task
    task.blocked_reason = reason
    task.blocked_since = task.blocked_since or clock.now()
    task.save(update_fields=["blocked_reason", "blocked_since"])
    record(TaskBlocked(reason=reason), subject=task, actor=actor, team_id=task.team_id)
    return task

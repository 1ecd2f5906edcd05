"""Give a task to somebody, or back."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Membership, User
from foundation.journal import record
from foundation.kit.errors import Invalid
from rnd.engineering.kinds import TaskAssigned
from rnd.engineering.locking import locked_open
from rnd.engineering.models import Task


@transaction.atomic
def assign_task(*, actor: Actor, task: Task, assignee: User | None) -> Task:
    """Assign an open task to `assignee`, and to the team they work in; None gives it back.

    Raises Invalid `task.assignee_outside` for somebody who does no engineering in the task's programme.
    """
    task = locked_open(task)
    actor.require("task.assign", programme_id=task.programme_id)
    if assignee is not None and assignee.pk == task.assignee_id:
        return task
    if assignee is not None:
        membership = (
            Membership.objects.filter(user=assignee, user__is_active=True, team__programmes=task.programme_id)
            .exclude(team__kind__in=["field", "academic"])
            .order_by("pk")
            .first()
        )
        if membership is None:
            raise Invalid(
                "task.assignee_outside",
                _("%(name)s works in no engineering team of this programme. Choose somebody who does.")
                % {"name": assignee.display_name},
                field="assignee",
            )
        task.team_id = membership.team_id
    elif task.assignee_id is None:
        return task
    task.assignee = assignee
    task.save(update_fields=["assignee", "team"])
    record(
        TaskAssigned(
            assignee_id=task.assignee_id,
            team_id=task.team_id,
            assignee_name=assignee.display_name if assignee else "",
        ),
        subject=task,
        actor=actor,
        team_id=task.team_id,
    )
    return task

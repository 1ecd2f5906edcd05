"""Hand a task to a team."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from foundation.journal import record
from foundation.kit.errors import Invalid
from rnd.engineering import queries
from rnd.engineering.kinds import TaskAssigned
from rnd.engineering.locking import locked_open
from rnd.engineering.models import Task


@transaction.atomic
def hand_over_task(*, actor: Actor, task: Task, team: Team) -> Task:
    """Hand an open task to `team`; nobody has it until somebody there takes it.

    Raises Invalid `task.team_outside` for a team that does no engineering in the task's programme.
    """
    task = locked_open(task)
    actor.require("task.assign", programme_id=task.programme_id)
    if task.team_id == team.pk and task.assignee_id is None:
        return task
    if not queries.teams_for(task).filter(pk=team.pk).exists():
        raise Invalid(
            "task.team_outside",
            _("%(team)s does no engineering in this programme. Choose a team that does.") % {"team": team.name},
            field="team",
        )
    task.assignee, task.team = None, team
    task.save(update_fields=["assignee", "team"])
    record(
        TaskAssigned(assignee_id=None, team_id=team.pk, team_name=team.name),
        subject=task,
        actor=actor,
        team_id=team.pk,
    )
    return task

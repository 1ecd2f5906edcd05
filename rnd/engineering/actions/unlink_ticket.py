"""Take back that a task works on a ticket."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.journal import record
from frontline_feedback.models import Ticket
from rnd.engineering.kinds import TaskUnlinked
from rnd.engineering.locking import locked
from rnd.engineering.models import Task, TaskTicket


@transaction.atomic
def unlink_ticket(*, actor: Actor, task: Task, ticket: Ticket) -> None:
    """Unlink `ticket` from `task`; where it is not linked, nothing changes."""
    task = locked(task)
    actor.require("task.link", programme_id=task.programme_id)
    deleted, _models = TaskTicket.objects.filter(task=task, ticket=ticket).delete()
    if deleted:
        record(TaskUnlinked(ticket_id=ticket.pk), subject=task, actor=actor, team_id=task.team_id)

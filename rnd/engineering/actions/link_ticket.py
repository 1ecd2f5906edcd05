"""Say that a task works on a ticket."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Invalid
from frontline_feedback.models import Ticket
from rnd.engineering.kinds import TaskLinked
from rnd.engineering.locking import locked
from rnd.engineering.models import Task, TaskTicket


@transaction.atomic
def link_ticket(*, actor: Actor, task: Task, ticket: Ticket) -> TaskTicket:
    """Link `ticket` to `task`; linking twice changes nothing.

    Raises Conflict for a ticket that is not accepted or is a duplicate, Invalid across programmes.
    """
    task = locked(task)
    actor.require("task.link", programme_id=task.programme_id)
    ticket = Ticket.objects.select_for_update().get(pk=ticket.pk)
    if ticket.programme_id != task.programme_id:
        raise Invalid(
            "task.other_programme",
            _("%(ticket)s belongs to another programme than %(task)s. Open a task in the ticket's programme.")
            % {"ticket": ticket.key, "task": task.key},
            field="ticket",
        )
    if ticket.canonical_id is not None:
        raise Conflict(
            "task.ticket_is_duplicate",
            _("%(ticket)s is a duplicate. Link FB-%(canonical)s, which it was merged into.")
            % {"ticket": ticket.key, "canonical": ticket.canonical_id},
            field="ticket",
        )
    if ticket.state != Ticket.State.ACCEPTED:
        raise Conflict(
            "task.ticket_not_accepted",
            _("%(ticket)s is %(state)s. Only an accepted ticket can be worked on: accept or reopen it first.")
            % {"ticket": ticket.key, "state": ticket.get_state_display()},
            field="ticket",
        )
    link, created = TaskTicket.objects.get_or_create(task=task, ticket=ticket, defaults={"linked_at": clock.now()})
    if created:
        record(TaskLinked(ticket_id=ticket.pk), subject=task, actor=actor, team_id=task.team_id)
    return link

"""What the loop does when the journal says so: a fix that has come within a team's reach is offered to it."""

from django.db.models import Q

from foundation.journal.consumers import consumer
from foundation.journal.models import Entry
from frontline_feedback.models import Ticket
from releases.models import Release
from rnd.loop.offering import carry_on, waiting


@consumer(
    "loop.carry_fixes",
    kinds=[
        "installation.reported",
        "release.published",
        "release.withdrawn",
        "rollout.completed",
        "rollout.group_begun",
        "subscription.set",
        "task.commit_linked",
        "task.commit_unlinked",
        "task.linked",
        "task.moved",
        "task.unlinked",
        "ticket.accepted",
        "ticket.merged",
        "ticket.reopened",
    ],
)
def carry_fixes(entry: Entry) -> None:
    """Look again at every ticket whose way this entry may have opened."""
    for ticket_id in _touched(entry):
        carry_on(ticket_id)


def _touched(entry: Entry) -> list[int]:
    tickets = Ticket.objects.all()
    match entry.subject_type:
        case "ticket":
            return waiting(tickets.filter(pk=entry.subject_id))
        case "task":
            unlinked = [entry.data["ticket_id"]] if entry.kind == "task.unlinked" else []
            served = Q(task_links__task=entry.subject_id) | Q(pk__in=unlinked)
            followed = Q(canonical__task_links__task=entry.subject_id) | Q(canonical__in=unlinked)
            return waiting(tickets.filter(served | followed).distinct())
        case "release":
            component = Release.objects.values_list("component_id", flat=True).get(pk=entry.subject_id)
            if entry.kind == "installation.reported":
                tickets = tickets.filter(team=entry.data["team_id"])
            return waiting(tickets, component=component)
        case "rollout":
            if entry.kind == "rollout.group_begun":
                tickets = tickets.filter(team__in=entry.data["team_ids"])
            return waiting(tickets, component=entry.data["component_id"])
        case _:
            return waiting(tickets.filter(team=entry.data["team_id"]))

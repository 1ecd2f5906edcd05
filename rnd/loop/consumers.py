"""What the loop does when the journal says so: a fix that has come within a team's reach is offered to it."""

from django.db.models import Q

from foundation.journal.consumers import consumer
from foundation.journal.models import Entry
from frontline_feedback.models import Ticket
from releases.models import Release
from rnd.loop.offering import carry_on, waiting_tickets


@consumer(
    "loop.carry_fixes",
    kinds=[
        "installation.reported",
        "release.published",
        "release.withdrawn",
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
    match entry.subject_type:
        case "ticket":
            return [entry.subject_id]
        case "task":
            unlinked = [entry.data["ticket_id"]] if entry.kind == "task.unlinked" else []
            return sorted({*waiting_tickets(tasks=[entry.subject_id]), *unlinked})
        case "release" if entry.kind == "installation.reported":
            return _waiting_of_team(entry.data["team_id"])
        case "release":
            release = Release.objects.get(pk=entry.subject_id)
            return waiting_tickets(component=release.component_id)
        case _:
            return _waiting_of_team(entry.data["team_id"])


def _waiting_of_team(team_id: int) -> list[int]:
    waiting = Ticket.objects.filter(Q(state=Ticket.State.ACCEPTED) | Q(canonical__isnull=False), team_id=team_id)
    return list(waiting.order_by("pk").values_list("pk", flat=True))

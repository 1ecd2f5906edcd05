"""What the loop does when the journal says so: a fix that has come within a team's reach is offered to it."""

from django.db.models import Q

from foundation.accounts.actors import SYSTEM
from foundation.journal.consumers import consumer
from foundation.journal.models import Entry
from frontline_feedback.models import Ticket
from releases.actions.refresh_notes import refresh_notes
from releases.models import Commit, Release
from rnd.loop.offering import carry_on_all, waiting
from rnd.loop.on_sticks import take_brought_verdict
from rnd.loop.regressions import look_for_regressions
from rnd.loop.results import tell_rollouts


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
        "ticket.fix_stated",
        "ticket.merged",
        "ticket.reopened",
    ],
)
def carry_fixes(entry: Entry) -> None:
    """Look again at every ticket whose way this entry may have opened."""
    carry_on_all(_touched(entry))


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


@consumer(
    "loop.find_regressions",
    kinds=["task.linked", "ticket.accepted", "ticket.merged", "ticket.reclassified"],
)
def find_regressions(entry: Entry) -> None:
    """Look whether this ticket reports a fixed fault from a build that holds the fix."""
    ticket_id = entry.data["ticket_id"] if entry.subject_type == "task" else entry.subject_id
    report = Ticket.objects.select_related("release__component", "component").get(pk=ticket_id)
    look_for_regressions(report, known_at=entry.recorded_at)


@consumer("loop.tell_rollouts", kinds=["ticket.verdict_given"])
def hear_verdict(entry: Entry) -> None:
    """Tell the rollout that brought the fix how it went at this team."""
    tell_rollouts(entry.data["verdict_id"], known_at=entry.recorded_at)


@consumer(
    "loop.refresh_notes",
    kinds=[
        "release.drafted", "release.proposed", "release.companion_set", "release.companion_removed",
        "task.commit_linked",
    ],
)  # fmt: skip
def refresh_release_notes(entry: Entry) -> None:
    """Write the notes anew that no person has touched, now that more is known of what the release brings."""
    releases = Release.objects.filter(imported=False, state__in=(Release.State.DRAFT, Release.State.CANDIDATE))
    if entry.subject_type == "release":
        found = releases.filter(pk=entry.subject_id)
    else:
        found = releases.filter(content_classes__commits=entry.data["commit_id"])
    # Of many links in a row only the last one writes.
    later = Entry.objects.filter(id__gt=entry.id, kind="task.commit_linked").order_by("id")
    linked = [data["commit_id"] for data in later.values_list("data", flat=True)[:500]]
    for release in found.order_by("pk"):
        if linked and Commit.objects.filter(pk__in=linked, content_class__releases=release).exists():
            continue
        refresh_notes(actor=SYSTEM, release=release)


@consumer("loop.take_brought_verdicts", kinds=["receipt.verdict_brought"])
def take_brought_verdicts(entry: Entry) -> None:
    """Take in the verdicts that came back on a stick."""
    take_brought_verdict(entry.subject_id, given_at=entry.data["given_at"])

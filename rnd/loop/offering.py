"""Carries a fix from the published release to the team that asked for it, and notes when it is installed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from foundation.accounts.actors import SYSTEM
from frontline_feedback.actions import mark_installed, offer_fix
from frontline_feedback.models import Offer, Ticket, Verdict
from frontline_feedback.querysets import TicketQuerySet
from releases.models import Installation, Publication, Release
from releases.queries import holders
from releases.receiving import first_reach
from rnd.engineering.models import Task, TaskTicket
from rnd.engineering.querysets import CLOSED_STAGES
from rnd.loop.fixes import Work, work_on


@dataclass(frozen=True, slots=True)
class Way:
    """For one component: the releases that hold the fix, and the first of them that reaches the team."""

    component_id: int
    holders: frozenset[int]
    publication: Publication
    # Since when the team is offered it: its group in a rollout may have begun later than it was published.
    at: datetime


@transaction.atomic
def carry_on(ticket_id: int) -> None:
    """Offer the ticket's fix where it has come within the team's reach, and note it where it is installed.

    Idempotent: what is offered or installed already stays as it is. Where several components carry the fix,
    it is offered once all of them are within reach, and installed once all of them are.
    """
    ticket = Ticket.objects.select_for_update().get(pk=ticket_id)
    if not _waits_for_fix(ticket):
        return
    since = _pass_start(ticket)
    work = work_on(ticket)
    ways = _ways(ticket, _finished(work, ticket, since))
    if not ways:
        return
    done_at = max(item.task.stage_since for item in work)
    reach = max([done_at, *([since] if since else []), *(way.at for way in ways)])
    for way in ways:
        _offer(ticket, way.publication, at=reach)
    installed = [_installation(ticket, way) for way in ways]
    for installation in installed if None not in installed else []:
        assert installation is not None
        # The team may have taken a later release than the one that was offered first: it holds the fix as well.
        _offer(ticket, _let_out(installation), at=max(reach, installation.installed_at))
        mark_installed(actor=SYSTEM, ticket=ticket, installation=installation)


def waiting(tickets: TicketQuerySet[Ticket], *, component: int | None = None) -> list[int]:
    """Give the ids of those of `tickets` whose fix may be offered or found installed now.

    All their tasks are over and one of them is done (in `component`, where that is given), the ticket still
    waits for its team, and the team has not installed this pass's fix yet. One query.
    """
    serving = TaskTicket.objects.filter(Q(ticket=OuterRef("pk")) | Q(ticket=OuterRef("canonical")))
    done = serving.filter(task__stage=Task.Stage.DONE)
    if component is not None:
        done = done.filter(task__component=component)
    fixed = Verdict.objects.filter(ticket=OuterRef("pk"), outcome=Verdict.Outcome.FIXED)
    installed = Offer.objects.filter(
        ticket=OuterRef("pk"), pass_number=OuterRef("pass_number"), installed_at__isnull=False
    )
    in_loop = Q(state=Ticket.State.ACCEPTED) | Q(~Exists(fixed), canonical__isnull=False)
    return list(
        tickets.filter(in_loop, Exists(done), ~Exists(installed))
        .exclude(Exists(serving.exclude(task__stage__in=CLOSED_STAGES)))
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _offer(ticket: Ticket, publication: Publication, *, at: datetime) -> None:
    offer_fix(actor=SYSTEM, ticket=ticket, release=publication.release, channel=publication.channel, offered_at=at)


def _let_out(installation: Installation) -> Publication:
    """Give how the installed release was let out last before it was installed, or else at all."""
    publications = installation.release.publications.select_related("release")
    return publications.filter(at__lte=installation.installed_at).order_by("-at").first() or publications.earliest("at")


def _waits_for_fix(ticket: Ticket) -> bool:
    if ticket.canonical_id is None:
        return ticket.state == Ticket.State.ACCEPTED
    return not ticket.verdicts.filter(outcome=Verdict.Outcome.FIXED).exists()


def _pass_start(ticket: Ticket) -> datetime | None:
    """Give when this pass began: the verdict that found the last fix wanting; None in the first pass."""
    if ticket.pass_number == 1:
        return None
    return (
        ticket.verdicts.filter(pass_number__lt=ticket.pass_number)
        .order_by("-given_at")
        .values_list("given_at", flat=True)
        .first()
    )


def _finished(work: list[Work], ticket: Ticket, since: datetime | None) -> list[Work]:
    """Give the work that makes up this pass's fix, or nothing while some of it is open.

    A later pass needs work finished in it: what the last pass shipped has just been found wanting.
    """
    if any(item.task.is_open for item in work):
        return []
    if since is not None and not any(
        item.task.stage == Task.Stage.DONE and item.task.stage_since >= since for item in work
    ):
        return []
    return [item for item in work if item.commits]


def _ways(ticket: Ticket, work: list[Work]) -> list[Way]:
    """Give one way for each component that carries the fix, or nothing while one is still out of reach."""
    ways = []
    for component_id in sorted({item.task.component_id for item in work}):
        commits = [c for item in work if item.task.component_id == component_id for c in item.commits]
        holding = holders(commits)
        out = Publication.objects.filter(release_id__in=holding, release__state=Release.State.PUBLISHED)
        reach = first_reach(ticket.team_id, component_id, out.select_related("release"))
        if reach is None:
            return []
        ways.append(Way(component_id, holding, reach.publication, reach.at))
    return ways


def _installation(ticket: Ticket, way: Way) -> Installation | None:
    """Give the team's first installation of a release that holds this component's part of the fix."""
    return (
        Installation.objects.filter(team_id=ticket.team_id, release_id__in=way.holders)
        .order_by("installed_at", "pk")
        .first()
    )

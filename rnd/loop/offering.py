"""Carries a fix from the published release to the team that asked for it, and notes when it is installed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q

from foundation.accounts.actors import SYSTEM
from frontline_feedback.actions import mark_installed, offer_fix
from frontline_feedback.models import Offer, Ticket, Verdict
from frontline_feedback.querysets import TicketQuerySet
from releases.models import Installation, Publication, Release
from releases.receiving import first_reach
from rnd.engineering.models import Task, TaskTicket
from rnd.engineering.querysets import CLOSED_STAGES
from rnd.loop.fixes import Ways, Work, ways_of, works_on
from rnd.loop.models import Statement

_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class Way:
    """For one component: the releases that hold the fix, and the first of them that reaches the team."""

    component_id: int
    holders: frozenset[int]
    publication: Publication
    # Since when the team is offered it: its group in a rollout may have begun later than it was published.
    at: datetime


def carry_on(ticket_id: int) -> None:
    """Carry on one ticket; see `carry_on_all`."""
    carry_on_all([ticket_id])


def carry_on_all(ticket_ids: Sequence[int]) -> None:
    """Offer the tickets' fixes where they have come within their teams' reach, and note them where installed.

    Idempotent: what is offered or installed already stays as it is. Where several components carry a fix,
    it is offered once all of them are within reach, and installed once all of them are. What one release can
    answer is asked once for all of the tickets.
    """
    for start in range(0, len(ticket_ids), _AT_ONCE):
        with transaction.atomic():
            locked = Ticket.objects.select_for_update().filter(pk__in=ticket_ids[start : start + _AT_ONCE])
            tickets = [ticket for ticket in locked.order_by("pk") if _waits_for_fix(ticket)]
            works = works_on(tickets)
            ways = ways_of(works, tickets=tickets)
            said_at = dict(
                Statement.objects.filter(ticket__in=tickets, pass_number=F("ticket__pass_number"))
                .values_list("ticket_id")
                .annotate(last=Max("said_at"))
            )
            for ticket in tickets:
                _carry(ticket, works[ticket.pk], ways[ticket.pk], said_at.get(ticket.pk))


def _carry(ticket: Ticket, work: list[Work], releases: Ways, said_at: datetime | None) -> None:
    since = _pass_start(ticket)
    if not releases or not _is_finished(work, since, said_at):
        return
    ways = _within_reach(ticket, releases)
    if not ways:
        return
    moments = [said_at, since, *(item.task.stage_since for item in work), *(way.at for way in ways)]
    reach = max(moment for moment in moments if moment is not None)
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

    All their tasks are over and one of them is done (in `component`, where that is given), or somebody has said
    that a release holds the fix; the ticket still waits for its team, which has not installed this pass's fix yet.
    One query.
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
    stated = Statement.objects.filter(
        Q(ticket=OuterRef("pk"), pass_number=OuterRef("pass_number")) | Q(ticket=OuterRef("canonical"))
    )
    return list(
        tickets.filter(in_loop, Exists(done) | Exists(stated), ~Exists(installed))
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


def _is_finished(work: list[Work], since: datetime | None, said_at: datetime | None) -> bool:
    """Tell whether this pass's fix is complete.

    A later pass needs work finished in it, or somebody's word: what the last pass shipped was found wanting.
    """
    if any(item.task.is_open for item in work):
        return False
    return (
        since is None
        or said_at is not None
        or any(item.task.stage == Task.Stage.DONE and item.task.stage_since >= since for item in work)
    )


def _within_reach(ticket: Ticket, releases: Ways) -> list[Way]:
    """Give one way for each component that carries the fix, or nothing while one is still out of reach."""
    ways = []
    for component_id, holding in sorted(releases.items()):
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

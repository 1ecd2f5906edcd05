"""What the pages of the whole loop read: one ticket's story, and what a release brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Component
from foundation.journal.models import Entry
from foundation.journal.queries import activity
from foundation.kit.asking import objects_of
from foundation.kit.errors import NotFound
from foundation.kit.memory import per_language
from frontline_feedback.models import Offer, Ticket
from frontline_feedback.queries import offers_of, ticket_by_pk
from releases.builds import Build, build_of
from releases.models import Installation, Release
from rnd.cycles.queries import TicketLoop, loop_of
from rnd.loop.fixes import Answer, Work, fix_in_build, ways_of, work_on
from rnd.loop.models import Statement

FEED_LIMIT: Final = 300


@per_language
def tabs() -> tuple[tuple[str, str], ...]:
    """Give the tabs of the list of tickets, as (value, label)."""
    return ("inbox", _("Inbox")), ("open", _("Open")), ("all", _("All")), ("closed", _("Closed"))


@dataclass(frozen=True, slots=True)
class Holder:
    """A release that holds the ticket's fix in its component, and what became of it at the reporting team."""

    release: Release
    offered: Offer | None
    installation: Installation | None


@dataclass(frozen=True, slots=True)
class Story:
    """What one ticket's page tells beside the ticket itself, as far as its reader may see it."""

    ticket: Ticket
    loop: TicketLoop | None
    work: list[Work]
    holders: list[Holder]
    entries: list[Entry]
    sees_work: bool


def story_of(actor: Actor, pk: int) -> Story:
    """Give the story of the visible ticket FB-`pk`; raises NotFound. A field team is not shown the tasks."""
    ticket = ticket_by_pk(actor, pk)
    sees_work = actor.may("task.see", programme_id=ticket.programme_id)
    work = work_on(ticket)
    subjects = [("ticket", ticket.pk)]
    if sees_work:
        subjects += [("task", item.task.pk) for item in work]
    return Story(
        ticket=ticket,
        loop=loop_of(ticket),
        work=work if sees_work else [],
        holders=_holders(actor, ticket, work),
        entries=activity(subjects=subjects, limit=FEED_LIMIT),
        sees_work=sees_work,
    )


def _holders(actor: Actor, ticket: Ticket, work: list[Work]) -> list[Holder]:
    """Give the releases that hold the whole fix in one component each, oldest first."""
    ways = ways_of({ticket.pk: work}, tickets=[ticket])[ticket.pk]
    found: set[int] = set().union(*ways.values())
    offers = {offer.release_id: offer for offer in offers_of(ticket)}
    if not (found or offers):
        return []
    releases = Release.objects.visible_to(actor).filter(pk__in=found | offers.keys())
    installed: dict[int, Installation] = {}
    for installation in Installation.objects.filter(
        team_id=ticket.team_id, release_id__in=found | offers.keys()
    ).order_by("-installed_at"):
        installed[installation.release_id] = installation
    return [
        Holder(release, offers.get(release.pk), installed.get(release.pk))
        for release in releases.select_related("component").order_by("component__name", "sequence")
    ]


def answer_for(actor: Actor, ticket: Ticket, *, build: str, component: str = "") -> tuple[Build, Answer]:
    """Say whether the ticket's fix is in a build: a version, a tag, a commit, or what `git describe` prints.

    `component` is a slug; the ticket's own, if not given. Raises NotFound for what the actor may not see.
    """
    asked = ticket.component
    if component:
        found = Component.objects.visible_to(actor).filter(slug=component, programme=ticket.programme_id).first()
        if found is None:
            raise NotFound(
                "component.not_found",
                _("There is no component “%(slug)s” that you may see.") % {"slug": component[:60]},
            )
        asked = found
    meant = build_of(actor, asked, build)
    return meant, fix_in_build(ticket, meant)


def askable_releases(actor: Actor, ticket: Ticket) -> list[Release]:
    """Give the releases of the ticket's component to ask about, newest first."""
    return objects_of(_releases_of, actor, key=ticket.component_id)


def _releases_of(actor: Actor, component: int) -> QuerySet[Release]:
    found = Release.objects.visible_to(actor).filter(component_id=component)
    return found.only("version").order_by("-sequence")[:200]


def statements(actor: Actor) -> QuerySet[Statement]:
    """Give what people said of the visible tickets' fixes."""
    visible = Statement.objects.filter(ticket__in=Ticket.objects.visible_to(actor))
    return visible.select_related("ticket", "release__component", "said_by")

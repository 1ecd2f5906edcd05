"""The reusable filters of tickets."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from foundation.accounts.actors import Actor
from foundation.accounts.models import Role
from frontline_feedback.policies import STAFF

M = TypeVar("M", bound=models.Model)


def _sight(actor: Actor, prefix: str = "") -> Q:
    """Give the condition under which `actor` sees a ticket that is reached through `prefix`."""
    sight = Q(**{f"{prefix}programme_id__in": actor.programmes(*STAFF)})
    if teams := actor.teams(Role.REPORTER):
        sight |= Q(**{f"{prefix}team_id__in": teams})
    return sight


class TicketQuerySet(models.QuerySet[M]):
    """Tickets, by who may see them, where they stand and what they say."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep what `actor` may see: every ticket of the programmes for staff, the own team's for reporters."""
        if not actor.has_scope("feedback:read"):
            return self.none()
        # Only the search reads the words, inside of the database.
        seen = self if actor.is_system else self.filter(_sight(actor))
        return seen.defer("words")

    def received(self) -> Self:
        """Keep the triage inbox: what nobody has decided on yet."""
        return self.filter(state="received")

    def open(self) -> Self:
        """Keep what is not closed."""
        return self.exclude(state="closed")

    def closed(self) -> Self:
        """Keep what is closed, with whatever outcome."""
        return self.filter(state="closed")


class AttachmentQuerySet(models.QuerySet[M]):
    """Attachments, by who may see their ticket."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the attachments of the tickets that `actor` may see."""
        if actor.is_system:
            return self
        if not actor.has_scope("feedback:read"):
            return self.none()
        return self.filter(_sight(actor, "ticket__"))

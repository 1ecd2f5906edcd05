"""The reusable filters of loops."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from foundation.accounts.actors import Actor
from foundation.accounts.models import Role
from frontline_feedback.policies import STAFF

M = TypeVar("M", bound=models.Model)


class LoopQuerySet(models.QuerySet[M]):
    """Loops, by who may see them and what became of them."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the loops of the tickets that `actor` may see.

        The condition is the one of tickets, on the loop's own columns: a report over a million loops joins nothing.
        """
        if actor.is_system:
            return self
        if not actor.has_scope("cycles:read"):
            return self.none()
        sight = Q(programme_id__in=actor.programmes(*STAFF))
        if teams := actor.teams(Role.REPORTER):
            sight |= Q(team_id__in=teams)
        return self.filter(sight)

    def counted(self) -> Self:
        """Keep what statistics count: everything but the rejected, the merged and those closed without a fix."""
        return self.filter(excluded="")

    def finished(self) -> Self:
        """Keep the counted loops that a verdict has ended."""
        return self.counted().filter(finished_at__isnull=False)

    def unfinished(self) -> Self:
        """Keep the counted loops that still run."""
        return self.counted().filter(finished_at__isnull=True)

    def left_out(self) -> Self:
        """Keep what statistics do not count."""
        return self.exclude(excluded="")

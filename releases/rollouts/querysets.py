"""Which rollouts are visible to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from foundation.accounts.roles import Role
from releases.policies import STAFF

if TYPE_CHECKING:
    from foundation.accounts.actors import Actor

LIVE = ("running", "paused")


class RolloutQuerySet(models.QuerySet["Rollout"]):
    """Rollouts."""

    def visible_to(self, actor: Actor) -> Self:
        """Give all of the programmes in which the actor is staff."""
        if actor.is_system:
            return self
        return self.filter(release__component__programme__in=actor.programmes(*STAFF))

    def asking(self, actor: Actor) -> Self:
        """Give the visible ones, and those that have asked a team of which the actor is a reporter."""
        if actor.is_system:
            return self
        from releases.rollouts.models import RolloutTeam

        asked = RolloutTeam.objects.filter(
            rollout=OuterRef("pk"), team__in=actor.teams(Role.REPORTER), group__begun_at__isnull=False
        )
        return self.filter(Q(release__component__programme__in=actor.programmes(*STAFF)) | Q(Exists(asked)))

    def live(self) -> Self:
        """Keep those that are not over: running or paused."""
        return self.filter(state__in=LIVE)


if TYPE_CHECKING:
    from releases.rollouts.models import Rollout  # noqa: F401 -- named in the bases

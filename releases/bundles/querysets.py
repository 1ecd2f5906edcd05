"""What of this room is visible to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from foundation.accounts.roles import Role
from releases.policies import STAFF

if TYPE_CHECKING:
    from foundation.accounts.actors import Actor


class ImportedBundleQuerySet(models.QuerySet["ImportedBundle"]):
    """Bundles that came in."""

    def visible_to(self, actor: Actor) -> Self:
        """Give all of the programmes in which the actor is staff; to reporters what is let out to their teams."""
        if actor.is_system:
            return self
        from releases.models import Channel, Subscription

        reached = Q(pk__in=[])
        teams = actor.teams(Role.REPORTER)
        rows = Subscription.objects.filter(team__in=teams).values_list("component_id", "channel") if teams else []
        for component, channel in rows:
            reached |= Q(component=component, channel__in=Channel(channel).received)
        return self.filter(Q(component__programme__in=actor.programmes(*STAFF)) | reached)


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    """Receipts."""

    def visible_to(self, actor: Actor) -> Self:
        """Give those that one brought in oneself, those of the own team, and to staff all of their programmes."""
        if actor.is_system:
            return self
        own = Q(team__in=actor.teams(Role.REPORTER))
        if actor.user_id is not None:  # a device took in none that are not its team's
            own |= Q(taken_by=actor.user_id)
        return self.filter(own | Q(team__programmes__in=actor.programmes(*STAFF))).distinct()


if TYPE_CHECKING:
    from releases.bundles.models import ImportedBundle, Receipt  # noqa: F401 -- named in the bases

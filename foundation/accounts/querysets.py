"""Who is visible to whom: people and teams of the own programmes, and always oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from foundation.accounts.roles import INSIDERS, PROGRAMME_WIDE, Role, TeamKind

if TYPE_CHECKING:
    from foundation.accounts.actors import Actor

M = TypeVar("M", bound=models.Model)


class TeamQuerySet(models.QuerySet[M]):
    """Teams."""

    def visible_to(self, actor: Actor) -> Self:
        """Give the teams that the actor may know of.

        Own teams; every team of the programmes for roles that see programme-wide; for reporters the teams
        there that are not field teams. An administrator also sees teams that have no programme yet.
        """
        if actor.is_system:
            return self
        condition = Q(pk__in=actor.teams())
        condition |= self._serving(actor.programmes(*PROGRAMME_WIDE))
        condition |= self._serving(actor.programmes(*INSIDERS)) & ~Q(kind=TeamKind.FIELD)
        if actor.has_role(Role.ADMIN):
            condition |= Q(programmes=None)
        return self.filter(pk__in=self.model._base_manager.filter(condition).values("pk"))

    @staticmethod
    def _serving(programme_ids: frozenset[int]) -> Q:
        return Q(programmes__in=programme_ids)


class UserQuerySet(models.QuerySet[M]):
    """People."""

    def visible_to(self, actor: Actor) -> Self:
        """Give the people that the actor may know of: oneself and the members of visible teams.

        An administrator also sees accounts that belong to no team yet.
        """
        from foundation.accounts.models import Membership, Team

        if actor.is_system:
            return self
        seen = Membership.objects.filter(user=OuterRef("pk"), team__in=Team.objects.visible_to(actor))
        condition = Q(pk=actor.user_id) | Q(Exists(seen))
        if actor.has_role(Role.ADMIN):
            condition |= Q(memberships=None)
        return self.filter(condition)


class ApiTokenQuerySet(models.QuerySet[M]):
    """API tokens."""

    def visible_to(self, actor: Actor) -> Self:
        """Give the actor's own tokens: nobody else needs to know them."""
        return self if actor.is_system else self.filter(user_id=actor.user_id)


class DeviceQuerySet(models.QuerySet[M]):
    """Devices of field teams."""

    def visible_to(self, actor: Actor) -> Self:
        """Give the devices of the own teams for reporters, of all teams that are visible for those who manage them."""
        return self if actor.is_system else self.filter(team__in=teams_with_devices(actor))


class EnrolmentCodeQuerySet(models.QuerySet[M]):
    """Codes for devices."""

    def visible_to(self, actor: Actor) -> Self:
        """Give the codes of the teams whose devices are visible."""
        return self if actor.is_system else self.filter(team__in=teams_with_devices(actor))

    def waiting(self, now: datetime) -> Self:
        """Keep those with which a device can still be enrolled at `now`."""
        return self.filter(device=None, expires_at__gt=now)


def teams_with_devices(actor: Actor) -> TeamQuerySet[Team]:
    """Give the field teams whose devices one may see: one's own as a reporter, those of one's programmes to manage."""
    from foundation.accounts.models import Team

    if actor.is_system:
        return Team.objects.filter(kind=TeamKind.FIELD)
    own = Q(pk__in=actor.teams(Role.REPORTER))
    # Not through a join: whoever counts something of these teams would count it once a programme.
    serving = Team.programmes.through.objects.filter(programme__in=actor.programmes(Role.MANAGER, Role.ADMIN))
    return Team.objects.filter(own | Q(pk__in=serving.values("team")), kind=TeamKind.FIELD)


if TYPE_CHECKING:
    from datetime import datetime

    from foundation.accounts.models import Team

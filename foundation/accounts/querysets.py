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
        condition = Q(pk=actor.id) | Q(Exists(seen))
        if actor.has_role(Role.ADMIN):
            condition |= Q(memberships=None)
        return self.filter(condition)


class ApiTokenQuerySet(models.QuerySet[M]):
    """API tokens."""

    def visible_to(self, actor: Actor) -> Self:
        """Give the actor's own tokens: nobody else needs to know them."""
        return self if actor.is_system else self.filter(user_id=actor.id)


if TYPE_CHECKING:
    pass

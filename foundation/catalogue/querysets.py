"""What of the catalogue is visible to whom: the own programmes, and nothing to academic partners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models

from foundation.accounts.roles import INSIDERS

if TYPE_CHECKING:
    from foundation.accounts.actors import Actor

M = TypeVar("M", bound=models.Model)


class ProgrammeQuerySet(models.QuerySet[M]):
    """Programmes."""

    def visible_to(self, actor: Actor) -> Self:
        """Give the programmes of the actor's teams."""
        return self if actor.is_system else self.filter(pk__in=actor.programmes(*INSIDERS))


class _InProgramme(models.QuerySet[M]):
    def visible_to(self, actor: Actor) -> Self:
        """Give what belongs to the programmes of the actor's teams."""
        return self if actor.is_system else self.filter(programme__in=actor.programmes(*INSIDERS))


class PlatformQuerySet(_InProgramme[M]):
    """Platforms."""


class ComponentQuerySet(_InProgramme[M]):
    """Components."""


class HardwareRevisionQuerySet(models.QuerySet[M]):
    """Hardware revisions."""

    def visible_to(self, actor: Actor) -> Self:
        """Give the hardware of platforms in the programmes of the actor's teams."""
        return self if actor.is_system else self.filter(platform__programme__in=actor.programmes(*INSIDERS))

"""What of the catalogue is visible to whom: the own programmes, and nothing to academic partners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from foundation.accounts.roles import INSIDERS

if TYPE_CHECKING:
    from foundation.accounts.actors import Actor


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    """Programmes."""

    def visible_to(self, actor: Actor) -> Self:
        """Give the programmes of the actor's teams."""
        return self if actor.is_system else self.filter(pk__in=actor.programmes(*INSIDERS))


class _InProgramme(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """Give what belongs to the programmes of the actor's teams."""
        return self if actor.is_system else self.filter(programme__in=actor.programmes(*INSIDERS))


class PlatformQuerySet(_InProgramme, models.QuerySet["Platform"]):
    """Platforms."""


class ComponentQuerySet(_InProgramme, models.QuerySet["Component"]):
    """Components."""


class HardwareRevisionQuerySet(models.QuerySet["HardwareRevision"]):
    """Hardware revisions."""

    def visible_to(self, actor: Actor) -> Self:
        """Give the hardware of platforms in the programmes of the actor's teams."""
        return self if actor.is_system else self.filter(platform__programme__in=actor.programmes(*INSIDERS))

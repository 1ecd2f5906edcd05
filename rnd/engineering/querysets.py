"""The reusable filters of tasks."""

from __future__ import annotations

from typing import Final, Self, TypeVar

from django.db import models

from foundation.accounts.actors import Actor
from rnd.engineering.policies import SEERS

M = TypeVar("M", bound=models.Model)
CLOSED_STAGES: Final = ("done", "cancelled")


class TaskQuerySet(models.QuerySet[M]):
    """Tasks, by who may see them and where they stand."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the tasks of the programmes in which the actor works; a field team sees none."""
        if not actor.has_scope("tasks:read"):
            return self.none()
        return self if actor.is_system else self.filter(programme_id__in=actor.programmes(*SEERS))

    def open(self) -> Self:
        """Keep the tasks that still have something to be done."""
        return self.exclude(stage__in=CLOSED_STAGES)

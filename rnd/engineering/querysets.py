"""The reusable filters of tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from foundation.accounts.actors import Actor
from rnd.engineering.policies import SEERS

if TYPE_CHECKING:
    pass

CLOSED_STAGES = ("done", "cancelled")


class TaskQuerySet(models.QuerySet["Task"]):
    """Tasks, by who may see them and where they stand."""

    def visible_to(self, actor: Actor) -> TaskQuerySet:
        """Keep the tasks of the programmes in which the actor works; a field team sees none."""
        if actor.is_system:
            return self
        return self.filter(programme_id__in=actor.programmes(*SEERS))

    def open(self) -> TaskQuerySet:
        """Keep the tasks that still have something to be done."""
        return self.exclude(stage__in=CLOSED_STAGES)

"""Move a task to another stage, or to another place in its column."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Invalid
from rnd.engineering.actions.unblock_task import unblock_task
from rnd.engineering.kinds import TaskMoved
from rnd.engineering.locking import locked
from rnd.engineering.models import Task
from rnd.engineering.ranks import last_rank


@transaction.atomic
def move_task(
    *,
    actor: Actor,
    task: Task,
    stage: str,
    rank: float | None = None,
    cause: Literal["person", "commit"] = "person",
    occurred_at: datetime | None = None,
    expected_stage: str | None = None,
) -> Task:
    """Move `task` to `stage` (forward or back); to its own stage it only changes place.

    `occurred_at` is when git says it happened, for a move caused by a commit. `expected_stage` is where the
    caller saw it: Conflict `task.moved_meanwhile` where somebody else was quicker. Leaving for done or
    cancelled unblocks it.
    """
    if stage not in Task.Stage.values:
        raise Invalid(
            "task.unknown_stage",
            _("“%(stage)s” is no stage. Stages are: %(stages)s.")
            % {"stage": stage, "stages": ", ".join(Task.Stage.values)},
            field="stage",
        )
    task = locked(task)
    actor.require("task.move", programme_id=task.programme_id)
    if expected_stage is not None and expected_stage != task.stage:
        raise Conflict(
            "task.moved_meanwhile",
            _("%(key)s is in “%(stage)s” by now: somebody moved it. Look at it again, then move it.")
            % {"key": task.key, "stage": task.get_stage_display()},
            field="stage",
        )
    if stage == task.stage:
        if rank is not None and rank != task.rank:
            task.rank = rank
            task.save(update_fields=["rank"])
        return task
    if stage in (Task.Stage.DONE, Task.Stage.CANCELLED) and task.is_blocked:
        task = unblock_task(actor=actor, task=task)
    now = clock.now()
    left = task.stage
    task.rank = last_rank(task.programme_id, stage) if rank is None else rank
    task.stage = stage
    task.stage_since = min(occurred_at or now, now)
    task.save(update_fields=["stage", "stage_since", "rank"])
    record(
        TaskMoved.model_validate({"from_stage": left, "to_stage": stage, "cause": cause}),
        subject=task,
        actor=actor,
        occurred_at=occurred_at or now,
        team_id=task.team_id,
    )
    return task

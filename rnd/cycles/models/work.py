"""What reports of work count of tasks, projected from the journal."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

# What a part tells of its task. The time in a stage of work is counted once the task is done.
TASK, HANDED, BLOCKED = "task", "handed", "blocked"


class TaskPart(models.Model):
    """One thing that reports of work count of one task.

    `task`: that there is one, from its first moment `at`. `design`, `build`, `test`: of a task that was done `at`, the
    time `us` in this stage with this team, and what of it was active, waiting and blocked. `handed`: it went `at` from
    one team to the `other`, and `us` later somebody there had it (null: nobody yet). `blocked`: an open task was
    blocked from `at` `until` (null: still is), for this reason.
    """

    pk = models.CompositePrimaryKey("task_id", "kind", "at", "team_id")
    task_id = models.BigIntegerField()
    kind = models.CharField(max_length=8)
    at = models.DateTimeField()
    team_id = models.BigIntegerField(default=0, help_text="0: nobody's")
    # Of the task, and they never change.
    programme_id = models.BigIntegerField()
    component_id = models.BigIntegerField()
    until = models.DateTimeField(null=True)
    other_id = models.BigIntegerField(null=True, help_text="the team that it went to")
    reason = models.TextField(null=True)  # noqa: DJ001 -- empty is a reason too
    us = models.BigIntegerField(null=True)
    active_us = models.BigIntegerField(null=True)
    waiting_us = models.BigIntegerField(null=True)
    blocked_us = models.BigIntegerField(null=True)

    class Meta:
        indexes = (
            # columnar.refresh_work: what happened in a week
            models.Index(fields=["programme_id", "at"], name="taskpart_when"),
            # analysis.work: what was blocked in a time
            models.Index(fields=["programme_id", "at"], name="taskpart_blocked", condition=Q(kind=BLOCKED)),
        )

    def __str__(self) -> str:
        return f"{self.kind} of ENG-{self.task_id}"


class Filling(models.Model):
    """How far the workers have come with the parts of the tasks that were there before parts were kept.

    Until `behind` has come to `upto`, reports of work read the journal itself.
    """

    name = models.CharField(max_length=40, primary_key=True)
    behind = models.BigIntegerField(default=0)
    upto = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.name}: {self.behind} of {self.upto}"

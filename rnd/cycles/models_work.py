"""What reports of work count of tasks, projected from the journal; and once more summed up, week by week."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

# What a part tells of its task. The time in a stage of work is counted once the task is done.
TASK, HANDED, BLOCKED = "task", "handed", "blocked"
# In blocks only: the tasks that were in any stage of work.
ANY = "any"


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
            # work_blocks.refresh_work, analysis.rolled_work: what happened in a time
            models.Index(fields=["programme_id", "at"], name="taskpart_when"),
            # analysis.work: what was blocked in a time
            models.Index(fields=["programme_id", "at"], name="taskpart_blocked", condition=Q(kind=BLOCKED)),
        )

    def __str__(self) -> str:
        return f"{self.kind} of ENG-{self.task_id}"


class WorkSlab(models.Model):
    """A week (from Monday, in UTC) of one programme in which something was counted of tasks.

    One that a changed part touches is stale until its blocks are computed anew; until then readers read its parts.
    """

    pk = models.CompositePrimaryKey("programme_id", "first")
    programme_id = models.BigIntegerField()
    first = models.DateField(help_text="its Monday")
    last_at = models.DateTimeField(null=True, help_text="of its last part, where it is computed")
    # Counts up with every change that touches it; its blocks are those of `computed`.
    version = models.BigIntegerField(default=1)
    computed = models.BigIntegerField(default=0)

    class Meta:
        indexes = (
            # work_blocks.refresh_work: what has to be computed
            models.Index(fields=["first"], name="workslab_stale", condition=Q(computed__lt=F("version"))),
        )

    def __str__(self) -> str:
        return f"{self.first} {self.programme_id}"


class WorkBlock(models.Model):
    """The parts of one week, component, kind and team (and of the team handed over to): how many, and their times.

    `numbers` are their times in order, `sums` their sums: in all, active, waiting, blocked. `tasks` are the first of
    their tasks, each once.
    """

    pk = models.CompositePrimaryKey("programme_id", "first", "component_id", "kind", "team_id", "other_id")
    programme_id = models.BigIntegerField()
    first = models.DateField(help_text="of its slab")
    component_id = models.BigIntegerField()
    kind = models.CharField(max_length=8)
    team_id = models.BigIntegerField()
    other_id = models.BigIntegerField(help_text="0 where nothing was handed over")
    n = models.IntegerField()
    numbers = ArrayField(models.BigIntegerField())
    sums = ArrayField(models.BigIntegerField())
    tasks = ArrayField(models.BigIntegerField())

    def __str__(self) -> str:
        return f"{self.n} {self.kind} of team {self.team_id} in {self.first}"


class Filling(models.Model):
    """How far the workers have come with the parts of the tasks that were there before parts were kept.

    Until `behind` has come to `upto`, reports of work read the journal itself.
    """

    name = models.CharField(max_length=40, primary_key=True)
    behind = models.BigIntegerField(default=0)
    upto = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.name}: {self.behind} of {self.upto}"

"""The loops that finished, once more by column: numbers of the loops of a few days, packed for being counted."""

from __future__ import annotations

from django.db import models


class Slab(models.Model):
    """The days of one week that lie in one month, of one programme: every week and every month is made of whole slabs.

    A slab that a changed loop touches is stale until its columns are computed anew; until then readers read its loops.
    """

    pk = models.CompositePrimaryKey("programme_id", "first")
    programme = models.ForeignKey(
        "catalogue.Programme", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    first = models.DateField(help_text="its first day")
    since = models.DateTimeField(help_text="when that day begins in the programme's zone")
    until = models.DateTimeField(help_text="when the day behind its last one begins")
    # Counts up with every change that touches it; its columns are those of `computed`.
    version = models.BigIntegerField(default=1)
    computed = models.BigIntegerField(default=0)

    class Meta:
        indexes = (
            # columnar.refresh_loops: what has to be computed
            models.Index(fields=["first"], name="slab_stale", condition=models.Q(computed__lt=models.F("version"))),
        )

    def __str__(self) -> str:
        return f"{self.first} {self.programme_id}"


class LoopColumn(models.Model):
    """One column of the loops of a slab, in the order of their tickets: `columnar.loops` says what each holds."""

    pk = models.CompositePrimaryKey("programme_id", "first", "name")
    programme_id = models.BigIntegerField()
    first = models.DateField(help_text="of its slab")
    name = models.CharField(max_length=16)
    packed = models.BinaryField(help_text="numbers of 16, 32 or 64 bits, as PostgreSQL sends them")

    def __str__(self) -> str:
        return f"{self.name} of {self.first}"


class WorkSlab(models.Model):
    """A week (from Monday, in UTC) of one programme in which something was counted of tasks.

    One that a changed part touches, or a ticket that the task serves, is stale until its columns are computed anew;
    until then readers read its parts.
    """

    pk = models.CompositePrimaryKey("programme_id", "first")
    programme_id = models.BigIntegerField()
    first = models.DateField(help_text="its Monday")
    # Counts up with every change that touches it; its columns are those of `computed`.
    version = models.BigIntegerField(default=1)
    computed = models.BigIntegerField(default=0)

    class Meta:
        indexes = (
            # columnar.refresh_work: what has to be computed
            models.Index(fields=["first"], name="workslab_stale", condition=models.Q(computed__lt=models.F("version"))),
        )

    def __str__(self) -> str:
        return f"{self.first} {self.programme_id}"


class WorkColumn(models.Model):
    """One column of what is counted of tasks in a week: `columnar.work` says what each holds."""

    pk = models.CompositePrimaryKey("programme_id", "first", "kind", "name")
    programme_id = models.BigIntegerField()
    first = models.DateField(help_text="of its week")
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=20)
    packed = models.BinaryField(help_text="numbers of 16, 32 or 64 bits, as PostgreSQL sends them")

    def __str__(self) -> str:
        return f"{self.name} of what was {self.kind} in {self.first}"

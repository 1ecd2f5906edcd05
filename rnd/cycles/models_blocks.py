"""The loops that finished, once more by column: sorted values and sums of a few days and one kind of loop together."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Slab(models.Model):
    """The days of one week that lie in one month, of one programme: every week and every month is made of whole slabs.

    A slab that a changed loop touches is stale until its blocks are computed anew; until then readers read its loops.
    """

    pk = models.CompositePrimaryKey("programme_id", "first")
    programme = models.ForeignKey(
        "catalogue.Programme", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    first = models.DateField(help_text="its first day")
    since = models.DateTimeField(help_text="when that day begins in the programme's zone")
    until = models.DateTimeField(help_text="when the day behind its last one begins")
    # Counts up with every change that touches it; its blocks are those of `computed`.
    version = models.BigIntegerField(default=1)
    computed = models.BigIntegerField(default=0)

    class Meta:
        indexes = (
            # blocks.refresh_blocks: what has to be computed
            models.Index(fields=["first"], name="slab_stale", condition=models.Q(computed__lt=models.F("version"))),
        )

    def __str__(self) -> str:
        return f"{self.first} {self.programme_id}"


class Block(models.Model):
    """One measure of all loops of a slab that have the same component, platform, severity and count of passes.

    `numbers` are the n values in ascending order, or sums: `measures.py` says which measure is what. What takes many
    values (teams, hardware, releases) divides no blocks: they would become as small as loops.
    """

    pk = models.CompositePrimaryKey(
        "programme_id", "measure", "first", "component_id", "platform_id", "severity", "passes"
    )
    programme_id = models.BigIntegerField()
    measure = models.SmallIntegerField()
    first = models.DateField(help_text="of its slab")
    component_id = models.BigIntegerField()
    platform_id = models.BigIntegerField()
    severity = models.CharField(max_length=2)
    passes = models.PositiveSmallIntegerField()
    n = models.IntegerField()
    numbers = ArrayField(models.BigIntegerField())

    def __str__(self) -> str:
        return f"{self.measure} of {self.n} in {self.first}"


class TeamBlock(models.Model):
    """The same for the loops that one team reported and that have the same count of passes.

    Beside `Block` and not among its kinds: so a report of a team reads few runs, and all others do not read more.
    """

    pk = models.CompositePrimaryKey("programme_id", "measure", "first", "team_id", "passes")
    programme_id = models.BigIntegerField()
    measure = models.SmallIntegerField()
    first = models.DateField(help_text="of its slab")
    team_id = models.BigIntegerField()
    passes = models.PositiveSmallIntegerField()
    n = models.IntegerField()
    numbers = ArrayField(models.BigIntegerField())

    def __str__(self) -> str:
        return f"{self.measure} of {self.n} of team {self.team_id} in {self.first}"

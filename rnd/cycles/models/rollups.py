"""The roll-ups over loops by day, by week and by month."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


def copied(to: str, *, null: bool = False, help_text: str = "") -> Any:
    """Give a reference whose value is copied from the ticket: not checked again, and indexed where a query asks."""
    return models.ForeignKey(
        to,
        on_delete=models.PROTECT,
        null=null,
        related_name="+",
        db_constraint=False,
        db_index=False,
        help_text=help_text,
    )


class Flow(models.Model):
    """How many counted tickets of a component came to each stage (or beyond it) on one day of the programme's zone.

    Kept by differences whenever a loop changes, so it is always the sum over the loops (`rollups.py`).
    """

    pk = models.CompositePrimaryKey("programme_id", "component_id", "day")
    programme = copied("catalogue.Programme")
    component = copied("catalogue.Component")
    day = models.DateField()
    transit = models.IntegerField(default=0)
    triage = models.IntegerField(default=0)
    queue = models.IntegerField(default=0)
    design = models.IntegerField(default=0)
    build = models.IntegerField(default=0)
    test = models.IntegerField(default=0)
    release = models.IntegerField(default=0)
    install = models.IntegerField(default=0)
    verify = models.IntegerField(default=0)
    finished = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.day} {self.programme_id}/{self.component_id}"


class Span(models.Model):
    """The figures of the loops that finished in one week or month, of a whole programme or of one component.

    A span that a changed loop touches is stale until it is computed anew; a reader computes a stale one for itself.
    """

    class By(models.TextChoices):
        WEEK = "week", _("week")
        MONTH = "month", _("month")

    programme = copied("catalogue.Programme")
    component = copied("catalogue.Component", null=True, help_text="null: of the whole programme")
    by = models.CharField(max_length=5, choices=By.choices)
    first = models.DateField(help_text="its first day")
    # Counts up with every change that touches it; computed up to `computed`.
    version = models.BigIntegerField(default=1)
    computed = models.BigIntegerField(default=0)
    n = models.IntegerField(default=0)
    sums = ArrayField(models.BigIntegerField(), default=list, help_text="as `spans.SUMS` names them")
    places = ArrayField(
        models.BigIntegerField(null=True), default=list, help_text="value, low, high, ticket for each p"
    )

    class Meta:
        # No index says which are stale: one that knows of `version` would have to change with each finish too.
        constraints = (
            models.UniqueConstraint(
                fields=["programme", "by", "first", "component"], name="span_once", nulls_distinct=False
            ),
        )

    @property
    def stale(self) -> bool:
        return self.computed < self.version

    def __str__(self) -> str:
        return f"{self.by} {self.first} {self.programme_id}/{self.component_id}"

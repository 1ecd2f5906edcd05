"""What a programme promises and compares itself with, and the histories that it brought along."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from frontline_feedback.models import Severity
from rnd.cycles.clock.stages import Stage


class ServiceLevel(models.Model):
    """What a programme promises for a severity: so many per cent of loops close within so many days.

    Rows are only added: the newest of a severity holds, the older ones are its history. No days: nothing is promised.
    """

    programme = models.ForeignKey("catalogue.Programme", on_delete=models.PROTECT, related_name="+")
    severity = models.CharField(max_length=2, choices=Severity.choices)
    percent = models.PositiveSmallIntegerField()
    days = models.PositiveIntegerField(null=True)
    set_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(percent__gte=1, percent__lte=99), name="service_level_percent"),
            models.CheckConstraint(condition=Q(days__isnull=True) | Q(days__gte=1), name="service_level_days"),
        )
        indexes = (
            # levels.service_levels: the newest of each severity
            models.Index(fields=["programme", "severity", "-id"], name="service_level_newest"),
        )

    def __str__(self) -> str:
        return f"{self.severity}: {self.percent} % in {self.days} days"


class Baseline(models.Model):
    """The period of finished loops that a programme compares itself with. Rows are only added; the newest holds.

    With `source` it is a history imported from elsewhere, of which the days keep what finished in them.
    """

    programme = models.ForeignKey("catalogue.Programme", on_delete=models.PROTECT, related_name="+")
    first = models.DateField()
    last = models.DateField()
    source = models.CharField(max_length=60, blank=True)
    set_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(first__lte=F("last")), name="baseline_forwards"),)

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


class ImportedCase(models.Model):
    """One case of a history from elsewhere: its whole time, by its own states and by our stages.

    What its mapping does not name is `unmapped_us`. A case that never finished has no `finished_at`.
    """

    programme = models.ForeignKey("catalogue.Programme", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    total_us = models.BigIntegerField()
    events = models.PositiveIntegerField()
    states_us = models.JSONField(help_text="microseconds by the state's own name")
    stages_us = ArrayField(models.BigIntegerField(null=True), size=len(Stage), help_text="null: never visited")
    unmapped_us = models.BigIntegerField()
    # How often it came back to a state that is finished for others, and went on.
    reopened = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "name"], name="imported_case_once"),)
        indexes = (
            # baselines: what finished of a source in a period
            models.Index(fields=["programme", "source", "finished_at"], name="imported_finished"),
        )

    def __str__(self) -> str:
        return f"{self.source}: {self.name}"

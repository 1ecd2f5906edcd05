"""The facts: one loop for each ticket and its segments, projected from the journal and rebuilt from it at will.

Nothing but the projection writes here, and nothing is claimed here: whatever these tables say can be thrown away.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from frontline_feedback.models import Severity
from rnd.cycles.clock import DEFINITION
from rnd.cycles.clock.stages import Mode, Stage
from rnd.cycles.models.rollups import copied
from rnd.cycles.querysets import LoopQuerySet

STAGE_COLUMNS: dict[Stage, str] = {stage: f"{stage}_us" for stage in Stage}
MODE_COLUMNS: dict[Mode, str] = {mode: f"{mode}_us" for mode in Mode}


class Loop(models.Model):
    """One ticket's loop: its whole time, split into stages and modes. All lengths are integer microseconds.

    Of an open ticket it holds what is over; the stage it is in now runs on from `running_since`.
    """

    # No constraint of the database stands behind these: the facts are copied from tickets, and thrown away at will.
    ticket = models.OneToOneField(
        "frontline_feedback.Ticket",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="loop",
        db_constraint=False,
    )
    # What reports filter by, as the ticket says it now.
    programme = copied("catalogue.Programme")
    platform = copied("catalogue.Platform")
    component = copied("catalogue.Component")
    hardware = copied("catalogue.HardwareRevision", null=True)
    team = copied("accounts.Team")
    release = copied("releases.Release", null=True, help_text="it was seen on")
    fixed_by = copied("releases.Release", null=True, help_text="the verdict that finished it is about")
    severity = models.CharField(max_length=2, choices=Severity.choices)

    started_at = models.DateTimeField(help_text="seen in the field")
    received_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, help_text="the last verdict `fixed` that nothing revoked")
    first_finish_at = models.DateTimeField(null=True, help_text="the first verdict `fixed` there ever was")
    ended_at = models.DateTimeField(null=True, help_text="finished, or closed without a fix")
    # Why statistics leave it out ("rejected", "merged", "wont_fix" …); empty: it counts.
    excluded = models.CharField(max_length=16, blank=True)

    total_us = models.BigIntegerField()
    # Null: never visited. A percentile over a stage leaves those out, a sum counts them as 0.
    transit_us = models.BigIntegerField(null=True)
    triage_us = models.BigIntegerField(null=True)
    queue_us = models.BigIntegerField(null=True)
    design_us = models.BigIntegerField(null=True)
    build_us = models.BigIntegerField(null=True)
    test_us = models.BigIntegerField(null=True)
    release_us = models.BigIntegerField(null=True)
    install_us = models.BigIntegerField(null=True)
    verify_us = models.BigIntegerField(null=True)
    active_us = models.BigIntegerField()
    waiting_us = models.BigIntegerField()
    blocked_us = models.BigIntegerField()
    rework_us = models.BigIntegerField(help_text="in stages that it had reached, or gone beyond, before")
    pass_us = ArrayField(models.BigIntegerField(), help_text="in each pass, the first one first")
    visits = ArrayField(models.PositiveSmallIntegerField(), size=len(Stage), help_text="of each stage, in order")
    # When it first came to each stage or beyond it, as far as it came: the lines of the cumulative flow never fall.
    reached = ArrayField(
        models.DateTimeField(null=True), default=list, size=len(Stage), help_text="the high-water mark by stage"
    )
    passes = models.SmallIntegerField()
    # False where nobody marked an assignee or a block: the modes then say nothing.
    modes_recorded = models.BooleanField()

    # Where an open ticket is; empty and null once it ended.
    current_stage = models.CharField(max_length=8, blank=True)
    current_mode = models.CharField(max_length=8, blank=True)
    current_since = models.DateTimeField(null=True, help_text="when it came into its present stage")
    running_since = models.DateTimeField(null=True, help_text="when stage, mode or pass last changed")

    moved_entries = models.IntegerField(help_text="entries that do not count at the time they claim")
    last_entry_id = models.BigIntegerField(help_text="the newest journal entry that was read for it")
    definition = models.SmallIntegerField(help_text="the version of the clock that wrote it")
    # Where in the journal its entries lie, so that one entry more is computed with without going through all months.
    recorded_from = models.DateTimeField(null=True, help_text="when the first entry that was read for it was recorded")
    recorded_to = models.DateTimeField(null=True, help_text="when the last entry that was read for it was recorded")

    objects = LoopQuerySet.as_manager()

    class Meta:
        # Its stages and its modes add up to its total, which is the time from its start to where it ended or runs on
        # from; it has either ended or runs, and finished when it ended; it counts its passes from one.
        constraints = (
            models.CheckConstraint(
                condition=RawSQL("cycles_loop_adds_up(cycles_loop)", (), output_field=models.BooleanField()),
                name="loop_adds_up",
            ),
        )
        indexes = (
            # The finished loops of a programme in a period, with all that reports filter by: no wide rows are read.
            models.Index(
                fields=["programme", "finished_at"],
                name="loop_finished",
                condition=Q(excluded="", finished_at__isnull=False),
                include=[
                    "component",
                    "platform",
                    "hardware",
                    "team",
                    "fixed_by",
                    "severity",
                    "passes",
                    "total_us",
                    "ticket",
                ],
            ),
            # reports of a field team
            models.Index(fields=["team", "finished_at"], name="loop_of_team"),
            # listing.loops: the longest loops, and those of a length
            models.Index(
                fields=["programme", "total_us", "ticket"],
                name="loop_longest",
                condition=Q(excluded="", finished_at__isnull=False),
            ),
            # reports.left_out: by reason, by when they ended
            models.Index(
                fields=["programme", "excluded"],
                name="loop_excluded",
                condition=~Q(excluded=""),
                include=["ended_at", "received_at", "ticket"],
            ),
            # analysis.quality: what counts at another time than it claims, and what an older clock has computed
            models.Index(
                fields=["programme", "ticket"],
                name="loop_moved",
                condition=Q(moved_entries__gt=0),
                include=["moved_entries"],
            ),
            models.Index(fields=["programme"], name="loop_outdated", condition=~Q(definition=DEFINITION)),
            # ageing, analysis.flow: what is open, the oldest first, with all that is filtered by and counted of it
            models.Index(
                fields=["programme", "started_at", "ticket"],
                name="loop_open",
                condition=Q(excluded="", finished_at__isnull=True),
                include=[
                    "severity",
                    "current_stage",
                    "current_since",
                    "component",
                    "platform",
                    "hardware",
                    "team",
                    "fixed_by",
                    "passes",
                    "reached",
                    "finished_at",
                ],
            ),
        )

    def __str__(self) -> str:
        return f"loop of FB-{self.pk}"

    @property
    def stages(self) -> dict[Stage, int | None]:
        """The time in each stage, in microseconds; None for one that was never visited."""
        return {stage: getattr(self, column) for stage, column in STAGE_COLUMNS.items()}


class Course(models.Model):
    """A loop's course, in one row: the moments at which its stage, mode or pass changed, and what held between them.

    The first of its `bounds` is when the loop began; one more follows each of its `readings`, which are a stage, a mode
    and a pass in one number (`lean.rows.codes_of`). What runs on is not in it.
    """

    loop = models.OneToOneField(
        Loop, on_delete=models.CASCADE, primary_key=True, related_name="course", db_constraint=False
    )
    bounds = ArrayField(models.DateTimeField())
    readings = ArrayField(models.IntegerField())

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=RawSQL(
                    "cardinality(bounds) = cardinality(readings) + 1", (), output_field=models.BooleanField()
                ),
                name="course_reads_between_its_bounds",
            ),
        )

    def __str__(self) -> str:
        return f"course of FB-{self.pk}"


class Segment(models.Model):
    """A part [since, until) of a loop that was spent in one stage, one mode and one pass: a view over the courses."""

    pk = models.CompositePrimaryKey("loop_id", "ordinal")
    began = models.DateTimeField(help_text="when the loop started")
    loop = models.ForeignKey(
        Loop, on_delete=models.DO_NOTHING, related_name="segments", db_constraint=False, db_index=False
    )
    ordinal = models.PositiveIntegerField()
    stage = models.CharField(max_length=8)
    mode = models.CharField(max_length=8)
    pass_number = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        managed = False

    def __str__(self) -> str:
        return f"{self.loop_id}/{self.ordinal} {self.stage}"

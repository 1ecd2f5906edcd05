"""What this room keeps of its own: what a person says about a release, and faults that came back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from frontline_feedback.models import Ticket
from releases.models import Release


class Statement(models.Model):
    """A person says that a release holds a ticket's fix, where no commit can show it."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="statements")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    note = models.TextField()
    pass_number = models.PositiveIntegerField()
    said_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "release", "pass_number"], name="statement_once_a_pass"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.release_id}"


class Regression(models.Model):
    """A fixed fault that was reported again from a build that holds the fix."""

    journal_type: ClassVar[str] = "regression"

    # The ticket whose fix does not hold any more, and the report that says so.
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="regressions")
    report = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="shows_regressions")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    # Why the build is known to hold the fix, as it was found then.
    evidence = models.TextField()
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "report"], name="regression_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} again in {self.release_id}"

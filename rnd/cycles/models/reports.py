"""Reports that people keep: saved with their filters, frozen with their figures, and sent every week."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actors import Actor
from frontline_feedback.policies import STAFF
from rnd.cycles.documents import Document
from rnd.cycles.documents_json import from_wire

M = TypeVar("M", bound=models.Model)


class SavedQuerySet(models.QuerySet[M]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep one's own, and those shared by somebody who sees one of the programmes too."""
        kept = self.filter(removed_at=None)
        if actor.is_system:
            return kept
        shared = models.Q(shared=True, programmes__overlap=sorted(actor.programmes()))
        return kept.filter(models.Q(owner=actor.user_id) | shared)


class SavedReport(models.Model):
    """A report with its filters under a name. Whoever opens it sees what they themselves may see."""

    journal_type: ClassVar[str] = "saved_report"

    owner = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(_("name"), max_length=120)
    report = models.CharField(max_length=20)
    query = models.CharField(max_length=2000, blank=True)
    shared = models.BooleanField(_("shared"), default=False)
    programmes = ArrayField(models.BigIntegerField(), default=list, help_text="that its owner saw in it")
    saved_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = SavedQuerySet.as_manager()

    class Meta:
        indexes = (
            # the list of saved reports: one's own, and the shared ones
            models.Index(fields=["owner", "name"], condition=models.Q(removed_at=None), name="saved_report_kept"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("cycles:saved", kwargs={"pk": self.pk})


class FrozenQuerySet(models.QuerySet[M]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep one's own, and those of which one may see everything: as staff of every programme in them."""
        if actor.is_system:
            return self
        whole = models.Q(programmes__contained_by=sorted(actor.programmes(*STAFF)))
        return self.filter(models.Q(frozen_by=actor.user_id) | whole)


class FrozenReport(models.Model):
    """A report as it was at a moment. Its figures never change, whatever the journal says later.

    In `document`, those frozen before both were kept have neither `beside` nor `language`.
    """

    journal_type: ClassVar[str] = "frozen_report"

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    frozen_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    report = models.CharField(max_length=20)
    query = models.CharField(max_length=2000, blank=True)
    document = models.JSONField()
    programmes = ArrayField(models.BigIntegerField(), default=list, help_text="that its figures are about")
    frozen_at = models.DateTimeField()

    objects = FrozenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.report} of {self.frozen_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("cycles:frozen", kwargs={"token": self.token})

    @property
    def documents(self) -> list[Document]:
        """Give the report, and the one that stood beside it where one did."""
        told = dict(self.document)
        beside = told.pop("beside", None)
        told.pop("language", None)
        return [from_wire(one) for one in (told, beside) if one is not None]

    @property
    def language(self) -> str:
        """Give the code of the language of its words; empty where it was not noted."""
        return str(self.document.get("language", ""))


class DigestReader(models.Model):
    """Who gets the weekly digest of a programme by mail; `week` is the last one that was sent ("2026-W47")."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    programme = models.ForeignKey("catalogue.Programme", on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    week = models.CharField(max_length=8, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "programme"], name="digest_reader_once"),)

    def __str__(self) -> str:
        return f"{self.user}: {self.programme}"


class LevelWatcher(models.Model):
    """Who is told before a ticket of the programme misses its service level."""

    programme = models.ForeignKey("catalogue.Programme", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["programme", "user"], name="level_watcher_once"),)

    def __str__(self) -> str:
        return f"{self.programme}: {self.user}"

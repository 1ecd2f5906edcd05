"""On which hardware a file runs, and how that is known."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from releases.artifacts import compatibility
from releases.artifacts.models.files import Artifact
from releases.artifacts.querysets import (
    CompatibilityQuerySet,
)

_USER = "accounts.User"


class Compatibility(models.Model):
    """Somebody says whether an artifact runs on a hardware revision, and how that is known.

    With bootloaders or a companion it holds for those only; without, for the pair as a whole.
    """

    class State(models.TextChoices):
        SUPPORTED = compatibility.SUPPORTED, _("supported")
        BLOCKED = compatibility.BLOCKED, _("blocked")
        UNTESTED = compatibility.UNTESTED, _("untested")

    artifact = models.ForeignKey(Artifact, on_delete=models.PROTECT, related_name="compatibility")
    hardware = models.ForeignKey("catalogue.HardwareRevision", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices)
    bootloader_from = models.CharField(max_length=40, blank=True)
    bootloader_to = models.CharField(max_length=40, blank=True)
    companion = models.ForeignKey("catalogue.Component", on_delete=models.PROTECT, null=True, related_name="+")
    companion_versions = models.CharField(max_length=120, blank=True)
    evidence = models.TextField(blank=True)
    evidence_url = models.CharField(max_length=500, blank=True)
    set_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    objects = CompatibilityQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "artifact", "hardware", "bootloader_from", "bootloader_to", "companion", "companion_versions",
                ],
                condition=Q(replaced_at=None), nulls_distinct=False, name="compatibility_current_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.artifact} on {self.hardware}: {self.state}"

    @property
    def narrowed(self) -> bool:
        """True where it holds for some bootloaders or companion versions only."""
        return bool(self.bootloader_from or self.bootloader_to or self.companion_id)

    @property
    def condition(self) -> str:
        """What it is narrowed to, in words."""
        from releases.artifacts.wording import condition_of

        return condition_of(self)

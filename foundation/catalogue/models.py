"""What: programmes, platforms, components (a firmware product each), hardware revisions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.catalogue.querysets import (
    ComponentQuerySet,
    HardwareRevisionQuerySet,
    PlatformQuerySet,
    ProgrammeQuerySet,
)


class Programme(models.Model):
    """What teams work on together, and the border of what they may see."""

    journal_type: ClassVar[str] = "programme"

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    # Calendar days in reports are this zone's.
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Kyiv")
    teams = models.ManyToManyField("accounts.Team", related_name="programmes", blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Platform(models.Model):
    """A kind of drone or ground equipment."""

    journal_type: ClassVar[str] = "platform"

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="platforms")
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("slug"), max_length=60, unique=True)

    objects = PlatformQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "name"],
                name="platform_name_once",
                violation_error_message=_("This programme has a platform of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Component(models.Model):
    """One firmware product: autopilot, radio, ground station …"""

    journal_type: ClassVar[str] = "component"

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="components")
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("slug"), max_length=60, unique=True)

    objects = ComponentQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "name"],
                name="component_name_once",
                violation_error_message=_("This programme has a component of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class HardwareRevision(models.Model):
    """A revision of a platform's hardware that a firmware may run on."""

    journal_type: ClassVar[str] = "hardware"

    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="hardware")
    name = models.CharField(_("name"), max_length=60)

    objects = HardwareRevisionQuerySet.as_manager()

    class Meta:
        ordering = ["platform__name", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["platform", "name"],
                name="hardware_name_once",
                violation_error_message=_("This platform has a hardware revision of this name already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.platform.name} {self.name}"

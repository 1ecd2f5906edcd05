"""Devices of field teams, and the one-time codes by which they are enrolled: no personal account at the front."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.accounts.querysets import DeviceQuerySet, EnrolmentCodeQuerySet

_TEAM = "accounts.Team"
_USER = "accounts.User"


class Device(models.Model):
    """A phone or tablet that acts for its field team. Revoked, never deleted."""

    journal_type: ClassVar[str] = "device"

    team = models.ForeignKey(_TEAM, on_delete=models.PROTECT, related_name="devices")
    name = models.CharField(_("name"), max_length=80)
    # "": as the browser asks.
    language = models.CharField(_("language"), max_length=5, blank=True)
    # Of the secret that the device keeps (in its cookie, or as its token); the secret itself is nowhere here.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    enrolled_at = models.DateTimeField()
    # Kept to the hour: a write for each request would cost more than the request.
    last_seen_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    revoked_reason = models.TextField(blank=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        ordering = ["-enrolled_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def display_name(self) -> str:
        """The device's name, where a person's would stand."""
        return self.name

    @property
    def is_live(self) -> bool:
        """Tell whether it opens anything."""
        return self.revoked_at is None


class EnrolmentCode(models.Model):
    """A code that makes one device a device of the team, once and within a short time; kept as a digest only."""

    team = models.ForeignKey(_TEAM, on_delete=models.PROTECT, related_name="enrolment_codes")
    # What the device will be called, by whoever hands it out.
    name = models.CharField(_("name"), max_length=80)
    language = models.CharField(_("language"), max_length=5, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    device = models.OneToOneField(
        Device, on_delete=models.PROTECT, null=True, blank=True, related_name="enrolment_code"
    )

    objects = EnrolmentCodeQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.team_id})"

    def is_open(self, now: datetime) -> bool:
        """Tell whether a device can still be enrolled with it at `now`."""
        return self.device_id is None and now < self.expires_at


class ToldByTeam(models.Model):
    """What a person tells, or a device of the team in place of one; `person_field` names the column of the person."""

    person_field: ClassVar[str]

    device = models.ForeignKey(
        Device, on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def told_by(self) -> str:
        """The name of the person, or of the device; "" for the house itself."""
        who = getattr(self, self.person_field) or self.device
        return str(who.display_name) if who else ""

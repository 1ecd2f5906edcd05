"""Releases, the channels they are let out on, who receives those, and who runs what."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models_devices import ToldByTeam
from releases.models.commits import Commit
from releases.models.repositories import Repository
from releases.querysets import (
    InstallationQuerySet,
    ReleaseQuerySet,
    SubscriptionQuerySet,
)


class Channel(models.TextChoices):
    """How far a release has been let out; each one further than the one before."""

    LAB = "lab", _("lab")
    PILOT = "pilot", _("pilot")
    FLEET = "fleet", _("fleet")

    @property
    def reach(self) -> int:
        """0 for lab, 1 for pilot, 2 for fleet."""
        return list(type(self)).index(self)

    @property
    def received(self) -> list[Channel]:
        """The channels whose releases a subscriber of this one receives: it, and those further out."""
        return list(type(self))[self.reach :]


class Release(models.Model):
    """A version of a component, frozen at a commit by a tag."""

    journal_type: ClassVar[str] = "release"

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        CANDIDATE = "candidate", _("candidate")
        APPROVED = "approved", _("approved")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    component = models.ForeignKey("catalogue.Component", on_delete=models.PROTECT, related_name="releases")
    repository = models.ForeignKey(Repository, on_delete=models.PROTECT, related_name="releases")
    version = models.CharField(max_length=120)
    tag = models.CharField(max_length=300)
    tag_object = models.CharField(max_length=40)
    commit = models.ForeignKey(Commit, on_delete=models.PROTECT, related_name="tagged_releases")
    sequence = models.PositiveIntegerField()
    # A version such as 2.0-rc1: no base for what is new in a final release.
    is_candidate = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    # There before the repository was registered: what it held had been shipped already.
    imported = models.BooleanField(default=False)
    # In English; other languages are in NotesTranslation.
    notes = models.TextField(blank=True)
    # Written from the commits, and not touched by a person since: then they may be written anew.
    notes_generated = models.BooleanField(default=True)
    drafted_at = models.DateTimeField()
    proposed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(blank=True)
    replacement = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    # The tag was moved or deleted after the release was frozen; the release itself stays what it was.
    tag_alarm_at = models.DateTimeField(null=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["component", "version"], name="release_version_once"),
            models.UniqueConstraint(fields=["component", "sequence"], name="release_sequence_once"),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawn_reason=""), name="release_withdrawn_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.component.name} {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("releases:release", kwargs={"component": self.component.slug, "version": self.version})


class Publication(models.Model):
    """A release let out on a channel."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="publications")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "channel"], name="publication_once"),
        ]

    def __str__(self) -> str:
        return f"{self.release} → {self.channel}"


class Subscription(models.Model):
    """Which channel of a component a team receives; `pilot` receives fleet releases too. None: it receives nothing."""

    team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, related_name="+", db_index=False)
    component = models.ForeignKey("catalogue.Component", on_delete=models.PROTECT, related_name="subscriptions")
    channel = models.CharField(max_length=8, choices=Channel.choices)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "component"], name="subscription_once"),
        ]

    def __str__(self) -> str:
        return f"{self.team}: {self.component} {self.channel}"


class Installation(ToldByTeam):
    """A team says that it runs a release on a hardware revision, since when."""

    journal_type: ClassVar[str] = "installation"
    person_field = "reported_by"

    client_uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="installations")
    team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, related_name="+", db_index=False)
    hardware = models.ForeignKey("catalogue.HardwareRevision", on_delete=models.PROTECT, related_name="+")
    installed_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    objects = InstallationQuerySet.as_manager()

    class Meta:
        indexes = [
            # "What does this team fly now?" on the report form and the team's page.
            models.Index(fields=["team", "-installed_at"], name="installation_of_team"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(installed_at__lte=models.F("reported_at")),
                name="installed_before_reported",
            ),
        ]

    @property
    def of_withdrawn(self) -> bool:
        """Tell whether the release had been withdrawn before this was reported."""
        return self.release.withdrawn_at is not None and self.reported_at >= self.release.withdrawn_at

    def __str__(self) -> str:
        return f"{self.team}: {self.release} on {self.hardware}"

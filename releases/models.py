"""What ships: repositories and their commits, releases and what is in them, where they are installed."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Repository(models.Model):
    """A git repository that a component is built from, mirrored here."""

    journal_type: ClassVar[str] = "repository"

    component = models.ForeignKey(
        "catalogue.Component", on_delete=models.PROTECT, related_name="repositories"
    )
    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    url = models.CharField(max_length=500)
    default_branch = models.CharField(max_length=200, default="main")
    # A regular expression with one group, the version: which tags become releases.
    tag_pattern = models.CharField(max_length=200, default=r"^v?(\d+(?:\.\d+)*(?:[-.]?\w+)*)$")
    added_at = models.DateTimeField()
    # Set once the first fetch is in; everything in that fetch is imported history.
    imported_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    next_fetch_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


class Fetch(models.Model):
    """One look at a repository that brought something new."""

    repository = models.ForeignKey(Repository, on_delete=models.PROTECT, related_name="fetches")
    at = models.DateTimeField()
    imported = models.BooleanField(default=False)
    commits_count = models.PositiveIntegerField(default=0)


class ContentClass(models.Model):
    """A set of releases; every commit that is in exactly these releases belongs to this class."""

    repository = models.ForeignKey(Repository, on_delete=models.PROTECT, related_name="+")
    releases = models.ManyToManyField("Release", related_name="content_classes")


class Commit(models.Model):
    """A commit as git tells it; never changed once read."""

    journal_type: ClassVar[str] = "commit"

    repository = models.ForeignKey(Repository, on_delete=models.PROTECT, related_name="commits")
    fetch = models.ForeignKey(Fetch, on_delete=models.PROTECT, related_name="commits")
    sha = models.CharField(max_length=40)
    parents = models.JSONField(default=list)
    author = models.CharField(max_length=200)
    authored_at = models.DateTimeField()
    committed_at = models.DateTimeField()
    subject = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    content_class = models.ForeignKey(
        ContentClass, on_delete=models.SET_NULL, null=True, related_name="commits"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["repository", "sha"], name="commit_once"),
        ]


class RefEvent(models.Model):
    """A branch or tag that was created, moved, forced or deleted between two fetches."""

    class Kind(models.TextChoices):
        CREATED = "created", _("created")
        MOVED = "moved", _("moved")
        FORCED = "forced", _("forced")
        DELETED = "deleted", _("deleted")

    repository = models.ForeignKey(Repository, on_delete=models.PROTECT, related_name="ref_events")
    fetch = models.ForeignKey(Fetch, on_delete=models.PROTECT, related_name="ref_events")
    ref = models.CharField(max_length=300)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    old = models.CharField(max_length=40, blank=True)
    new = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()


class Channel(models.TextChoices):
    """How far a release has been let out; each one further than the one before."""

    LAB = "lab", _("lab")
    PILOT = "pilot", _("pilot")
    FLEET = "fleet", _("fleet")


class Release(models.Model):
    """A version of a component, frozen at a commit by a tag."""

    journal_type: ClassVar[str] = "release"

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        CANDIDATE = "candidate", _("candidate")
        APPROVED = "approved", _("approved")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    component = models.ForeignKey(
        "catalogue.Component", on_delete=models.PROTECT, related_name="releases"
    )
    repository = models.ForeignKey(Repository, on_delete=models.PROTECT, related_name="releases")
    version = models.CharField(max_length=120)
    tag = models.CharField(max_length=200)
    tag_object = models.CharField(max_length=40)
    commit = models.ForeignKey(Commit, on_delete=models.PROTECT, related_name="tagged_releases")
    sequence = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    imported = models.BooleanField(default=False)
    notes = models.TextField(blank=True)
    drafted_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_reason = models.TextField(blank=True)
    replacement = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["component", "version"], name="release_version_once"),
            models.UniqueConstraint(fields=["component", "sequence"], name="release_sequence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.component.name} {self.version}"


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


class Subscription(models.Model):
    """Which channel of a component a team receives; `pilot` receives fleet releases too."""

    team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, related_name="+")
    component = models.ForeignKey("catalogue.Component", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "component"], name="subscription_once"),
        ]


class Installation(models.Model):
    """A team says that it runs a release on a hardware revision, since when."""

    journal_type: ClassVar[str] = "installation"

    client_uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="installations")
    team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, related_name="+")
    hardware = models.ForeignKey(
        "catalogue.HardwareRevision", on_delete=models.PROTECT, related_name="+"
    )
    installed_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )

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

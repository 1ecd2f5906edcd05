"""Repositories, what each fetch of one brought, and how its branches and tags moved."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from releases.querysets import (
    RepositoryQuerySet,
)

# The address of a repository whose host cannot be reached from here; what follows is for people.
BUNDLE_ADDRESS: Final = "bundle:"


class Repository(models.Model):
    """A git repository that a component is built from, mirrored here."""

    journal_type: ClassVar[str] = "repository"

    component = models.ForeignKey("catalogue.Component", on_delete=models.PROTECT, related_name="repositories")
    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    url = models.CharField(_("address"), max_length=500)
    # The folder of a repository on this machine that an operator named on the command line; else empty.
    local_path = models.CharField(max_length=500, blank=True)
    default_branch = models.CharField(max_length=200, default="main")
    # A regular expression with one group, the version: which tags become releases. Unless somebody narrows it:
    # every tag with a number in it, without the "v" before the number.
    tag_pattern = models.CharField(_("tag pattern"), max_length=200, default=r"^(?:v(?=\d))?(?=.*\d)([\w.+-]+)$")
    # How commits tell their pull request, and branches their task: regular expressions, the number in a group.
    pull_request_pattern = models.CharField(
        _("pull requests in commits"),
        max_length=200,
        default=r"\(#(\d+)\)$|^Merge pull request #(\d+) |^See merge request \S*!(\d+)$",
    )
    branch_pattern = models.CharField(_("tasks in branch names"), max_length=200, blank=True)
    added_at = models.DateTimeField()
    # Set once the first fetch is in; everything in that fetch is imported history.
    imported_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    next_fetch_at = models.DateTimeField()
    # The newest commit whose message was read for what it takes back and brings again; None: none yet.
    read_to = models.BigIntegerField(null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    objects = RepositoryQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [
            # tasks.poll_repositories: which are due?
            models.Index(fields=["next_fetch_at"], name="repository_due"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("releases:repository", kwargs={"slug": self.slug})

    @property
    def by_bundle(self) -> bool:
        """Whether it has no origin that can be asked: its history is brought in files."""
        return self.url.startswith(BUNDLE_ADDRESS)


class Fetch(models.Model):
    """One look at a repository that brought something new."""

    repository = models.ForeignKey(Repository, on_delete=models.PROTECT, related_name="fetches")
    at = models.DateTimeField()
    imported = models.BooleanField(default=False)
    commits_count = models.PositiveIntegerField(default=0)
    # Commits come in chunks; without this the fetch was interrupted, and the next one carries it on.
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.repository.name} {self.at:%Y-%m-%d %H:%M:%S}"


class FetchProgress(models.Model):
    """How far the fetch is that goes on now; gone when it ends. An old one is of a process that was killed."""

    repository = models.OneToOneField(Repository, on_delete=models.CASCADE, related_name="progress")
    step = models.CharField(max_length=10)
    done = models.BigIntegerField()
    total = models.BigIntegerField()
    began_at = models.DateTimeField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.step} {self.done}"


class HistoryBundle(models.Model):
    """A history that somebody brought in a file, for a site without a line to the git host."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        TAKEN = "taken", _("taken in")
        REFUSED = "refused", _("refused")

    repository = models.ForeignKey(Repository, on_delete=models.PROTECT, related_name="history_bundles")
    # Where the file waits in the default storage; emptied with it once it is through.
    stored = models.CharField(max_length=300, blank=True)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [
            # tasks.poll_repositories: bundles that no worker has taken in yet.
            models.Index(fields=["id"], condition=Q(state="waiting"), name="history_bundle_waiting"),
        ]

    def __str__(self) -> str:
        return self.name


class RefEvent(models.Model):
    """A branch or tag that was created, moved, forced or deleted between two fetches. Only ever added."""

    class Kind(models.TextChoices):
        CREATED = "created", _("created")
        MOVED = "moved", _("moved")
        FORCED = "forced", _("forced")
        DELETED = "deleted", _("deleted")

    repository = models.ForeignKey(Repository, on_delete=models.PROTECT, related_name="ref_events", db_index=False)
    fetch = models.ForeignKey(Fetch, on_delete=models.PROTECT, related_name="ref_events")
    ref = models.CharField(max_length=300)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    old = models.CharField(max_length=40, blank=True)
    new = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            # The present state of every ref (its last event), and the story of one tag.
            models.Index(fields=["repository", "ref", "-id"], name="ref_event_last"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.kind}"

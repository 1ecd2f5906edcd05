"""What ships: repositories and their commits, releases and what is in them, where they are installed."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from releases.querysets import (
    CommitQuerySet,
    InstallationQuerySet,
    RelationQuerySet,
    ReleaseQuerySet,
    RepositoryQuerySet,
    SubscriptionQuerySet,
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


class ContentClass(models.Model):
    """A set of releases; every commit that is in exactly these releases belongs to this class."""

    repository = models.ForeignKey(Repository, on_delete=models.PROTECT, related_name="+")
    releases: models.ManyToManyField[Release, Any] = models.ManyToManyField(
        "Release", related_name="content_classes", through="Holding"
    )

    def __str__(self) -> str:
        return f"class {self.pk} of {self.repository.name}"


class Holding(models.Model):
    """A release holds the commits of a class.

    Here and in `Commit`, PostgreSQL checks no foreign key: only `contents_update.py` and `ingest.py` write these
    rows, a long history has tens of thousands of each, and the check of every single one took longer than git itself.
    """

    contentclass = models.ForeignKey(
        ContentClass, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    release = models.ForeignKey("Release", on_delete=models.CASCADE, related_name="+", db_constraint=False)

    class Meta:
        db_table = "releases_contentclass_releases"
        unique_together = (("contentclass", "release"),)

    def __str__(self) -> str:
        return f"class {self.contentclass_id} in release {self.release_id}"


class Commit(models.Model):
    """A commit as git tells it; never changed once read, but for its class when releases come."""

    journal_type: ClassVar[str] = "commit"

    repository = models.ForeignKey(
        Repository, on_delete=models.PROTECT, related_name="commits", db_index=False, db_constraint=False
    )
    fetch = models.ForeignKey(
        Fetch, on_delete=models.PROTECT, related_name="commits", db_index=False, db_constraint=False
    )
    sha = models.CharField(max_length=40)
    parents = ArrayField(models.CharField(max_length=40), default=list)
    author = models.CharField(max_length=200)
    author_email = models.CharField(max_length=200, blank=True)
    authored_at = models.DateTimeField()
    committed_at = models.DateTimeField()
    subject = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    content_class = models.ForeignKey(
        ContentClass, on_delete=models.SET_NULL, null=True, related_name="commits", db_constraint=False
    )

    objects = CommitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["repository", "sha"], name="commit_once"),
        ]
        indexes = [
            # Consumers of repository.fetched: the commits of one fetch, which lie side by side in the table.
            BrinIndex(fields=["fetch"], name="commit_of_fetch", pages_per_range=32, autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.sha[:10]} {self.subject}"


class Relation(models.Model):
    """A commit takes another one back, or brings its change again (a backport). `other` is None until it is known."""

    class Kind(models.TextChoices):
        REVERTS = "reverts", _("takes back")
        COPIES = "copies", _("brings again")

    class Basis(models.TextChoices):
        MESSAGE = "message", _("its message says so")
        PATCH = "patch", _("the same patch")
        AUTHOR_DATE = "author_date", _("the same author and date")
        PULL_REQUEST = "pull_request", _("the same pull request")
        SUBJECT = "subject", _("the same subject")
        PERSON = "person", _("a person says so")

    class State(models.TextChoices):
        CERTAIN = "certain", _("certain")
        SUGGESTED = "suggested", _("suggested")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused")

    journal_type: ClassVar[str] = "commit_relation"

    component = models.ForeignKey("catalogue.Component", on_delete=models.PROTECT, related_name="+", db_index=False)
    commit = models.ForeignKey(Commit, on_delete=models.PROTECT, related_name="relations")
    other = models.ForeignKey(Commit, on_delete=models.PROTECT, null=True, related_name="related_by")
    # As the message names it: a hash, or its beginning.
    named = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    basis = models.CharField(max_length=12, choices=Basis.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    objects = RelationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commit", "named", "kind"], name="relation_once"),
        ]
        indexes = [
            # corrections.correct: the relations of a component that count; the page of those to confirm.
            models.Index(fields=["component", "state"], name="relation_of_component"),
        ]

    @property
    def counts(self) -> bool:
        """Tell whether it decides what is in a release."""
        return self.other_id is not None and self.state in (self.State.CERTAIN, self.State.CONFIRMED)

    def __str__(self) -> str:
        return f"{self.commit_id} {self.kind} {self.named[:10]}"


class Correction(models.Model):
    """Where ancestry alone would be wrong: a commit in a release that was taken back there, or came as a copy."""

    commit = models.ForeignKey(Commit, on_delete=models.CASCADE, related_name="corrections", db_index=False)
    release = models.ForeignKey("Release", on_delete=models.CASCADE, related_name="corrections")
    # False: taken back. True: not itself in the release, and yet in effect there.
    holds = models.BooleanField()
    # The commit that took it back, or the copy that brought it.
    by = models.ForeignKey(Commit, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commit", "release"], name="correction_once"),
        ]

    def __str__(self) -> str:
        return f"{self.commit_id} {'in' if self.holds else 'not in'} {self.release_id}"


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


class NotesTranslation(models.Model):
    """A release's notes in a language other than English."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="notes_translations")
    language = models.CharField(max_length=5)
    text = models.TextField()
    generated = models.BooleanField()
    # Of the English notes that it was made from: another one by now means that it is out of date.
    source_digest = models.CharField(max_length=64)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "language"], name="notes_translation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.release_id} ({self.language})"


class Term(models.Model):
    """A word of a programme's glossary: how translators of notes say it in each language."""

    journal_type: ClassVar[str] = "term"

    programme = models.ForeignKey("catalogue.Programme", on_delete=models.PROTECT, related_name="terms")
    en = models.CharField(_("English"), max_length=120)
    uk = models.CharField(_("Ukrainian"), max_length=120, blank=True)
    nb = models.CharField(_("Norwegian"), max_length=120, blank=True)

    class Meta:
        ordering = ["en"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "en"], name="term_once"),
        ]

    def __str__(self) -> str:
        return self.en


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


class Installation(models.Model):
    """A team says that it runs a release on a hardware revision, since when."""

    journal_type: ClassVar[str] = "installation"

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

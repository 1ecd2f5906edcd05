"""Commits, which releases they are in, and what takes them back or brings them again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from releases.models.repositories import Fetch, Repository
from releases.querysets import CommitQuerySet, RelationQuerySet

if TYPE_CHECKING:
    from releases.models.shipping import Release


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

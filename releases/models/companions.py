"""What a release holds beside its own commit: one of each further repository that its component is built from."""

from __future__ import annotations

from django.db import models

from releases.models.commits import Commit
from releases.models.repositories import Repository
from releases.models.shipping import Release


class Companion(models.Model):
    """A commit of another repository of the component that the release is built from too, frozen at its tag."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="companions", db_index=False)
    repository = models.ForeignKey(Repository, on_delete=models.PROTECT, related_name="companions")
    commit = models.ForeignKey(Commit, on_delete=models.PROTECT, related_name="accompanied")
    tag = models.CharField(max_length=300)
    tag_object = models.CharField(max_length=40)
    # Its history has commits that others of the release's repositories have too: they are counted once.
    shares = models.BooleanField(default=False)
    set_at = models.DateTimeField()
    # None: it came by itself, because the same version was tagged there.
    set_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["repository__name"]
        constraints = [
            models.UniqueConstraint(fields=["release", "repository"], name="companion_once"),
        ]

    def __str__(self) -> str:
        return f"{self.release_id} with {self.tag} of {self.repository_id}"

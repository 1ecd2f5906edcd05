"""The secrets that git hosts sign with, and what they have delivered lately."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class HookSecret(models.Model):
    """A secret that a repository's webhook is signed with; the one before it counts too for some days."""

    repository = models.ForeignKey("releases.Repository", on_delete=models.PROTECT, related_name="hook_secrets")
    sealed = models.TextField()  # by foundation.kit.vault: it is needed in plain to check a signature
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["repository"], condition=Q(expires_at=None), name="hook_secret_newest"),
        ]

    def __str__(self) -> str:
        return f"hook secret of {self.repository_id} since {self.made_at:%Y-%m-%d}"


class HookDelivery(models.Model):
    """One call by a git host, or by somebody who pretends to be one. Old ones are forgotten."""

    class Host(models.TextChoices):
        FORGEJO = "forgejo", "Forgejo"
        GITEA = "gitea", "Gitea"
        GITLAB = "gitlab", "GitLab"
        GITHUB = "github", "GitHub"
        UNKNOWN = "", _("unknown")

    class Result(models.TextChoices):
        FETCH = "fetch", _("fetched")
        PING = "ping", _("trial")
        IGNORED = "ignored", _("nothing to fetch")
        REFUSED = "refused", _("refused")

    repository = models.ForeignKey(
        "releases.Repository", on_delete=models.PROTECT, related_name="hook_deliveries", db_index=False
    )
    host = models.CharField(max_length=8, choices=Host.choices, blank=True)
    # The host's own id of the delivery; None for what was refused: anyone can make those up.
    delivery = models.CharField(max_length=100, null=True)  # noqa: DJ001 -- NULLs are never equal: no constraint
    event = models.CharField(max_length=60, blank=True)
    result = models.CharField(max_length=8, choices=Result.choices)
    # The stable code of the refusal; empty where there was none.
    code = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["repository", "host", "delivery"], name="hook_delivery_once"),
        ]
        indexes = [
            # queries.deliveries: the newest of a repository; receive_hook: the old ones to forget.
            models.Index(fields=["repository", "-id"], name="hook_delivery_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.host} {self.event} {self.result}"

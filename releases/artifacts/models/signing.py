"""What is signed of a release, by which keys."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.kit import clock
from releases.artifacts.querysets import (
    SignatureQuerySet,
    SigningKeyQuerySet,
)
from releases.models import Channel

_USER = "accounts.User"


class Manifest(models.Model):
    """What is signed of a release, as bytes that never change. Another file makes another manifest necessary."""

    release = models.ForeignKey("releases.Release", on_delete=models.PROTECT, related_name="manifests")
    content = models.BinaryField()
    sbom = models.BinaryField()
    sums = models.BinaryField()
    sealed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    sealed_at = models.DateTimeField()
    # A file was added or taken off after it was sealed.
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release"], condition=Q(superseded_at=None), name="manifest_current_once"),
        ]

    def __str__(self) -> str:
        return f"manifest {self.pk}"


class SigningKey(models.Model):
    """A public minisign key: whose it is, and what its signatures count for. The private key never comes here."""

    journal_type: ClassVar[str] = "signing_key"

    component = models.ForeignKey("catalogue.Component", on_delete=models.PROTECT, related_name="signing_keys")
    holder = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    key_id = models.CharField(max_length=16)
    public_key = models.CharField(max_length=56)
    channels = ArrayField(models.CharField(max_length=8, choices=Channel.choices))
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    registered_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    registered_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.TextField(blank=True)

    objects = SigningKeyQuerySet.as_manager()

    class Meta:
        ordering = ["component__name", "-registered_at"]
        constraints = [
            models.UniqueConstraint(fields=["component", "public_key"], name="key_once_for_component"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=models.F("valid_from")), name="key_valid_for_a_time"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | ~Q(revoked_reason=""), name="key_revoked_with_reason"
            ),
            # Whoever registers it cannot be the one who confirms it.
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=models.F("registered_by")), name="key_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.key_id})"

    def get_absolute_url(self) -> str:
        return reverse("artifacts:key", kwargs={"pk": self.pk})

    def state_at(self, at: datetime) -> str:
        """Give "waiting", "active", "future", "expired" or "revoked"."""
        if self.revoked_at is not None:
            return "revoked"
        if self.confirmed_at is None:
            return "waiting"
        if at < self.valid_from:
            return "future"
        return "active" if self.valid_until is None or at < self.valid_until else "expired"

    @property
    def state(self) -> str:
        """The state now."""
        return self.state_at(clock.now())

    def why_not(self, at: datetime) -> str:
        """Give the sentence that says why its signatures do not count at that moment, or "" where they do."""
        values = {"key": self.key_id, "reason": self.revoked_reason}
        match self.state_at(at):
            case "revoked":
                return gettext("The key %(key)s was revoked: %(reason)s") % values
            case "waiting":
                return gettext("The key %(key)s waits for somebody else to confirm it.") % values
            case "future":
                return gettext("The key %(key)s is valid from %(day)s on.") % {
                    **values,
                    "day": self.valid_from.date().isoformat(),
                }
            case "expired":
                assert self.valid_until is not None
                return gettext("The key %(key)s was valid until %(day)s.") % {
                    **values,
                    "day": self.valid_until.date().isoformat(),
                }
        return ""


class Signature(models.Model):
    """A `.minisig` over the `SHA256SUMS` of a manifest."""

    manifest = models.ForeignKey(Manifest, on_delete=models.PROTECT, related_name="signatures")
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="signatures")
    text = models.TextField()
    trusted_comment = models.TextField()
    added_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    objects = SignatureQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["manifest", "key"], name="signature_once")]

    def __str__(self) -> str:
        return f"{self.manifest}: {self.key}"

"""The files of releases, what signs them, and on which hardware they run."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.kit import clock
from releases.artifacts import compatibility
from releases.artifacts.querysets import (
    ArtifactQuerySet,
    CompatibilityQuerySet,
    SignatureQuerySet,
    SigningKeyQuerySet,
    UploadQuerySet,
)
from releases.models import Channel

_USER = "accounts.User"


class Blob(models.Model):
    """The bytes of a file, stored once under their sha256 however many releases hold them. Never changed."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    # The digests of the blocks of 1 MiB (see blocks.py); 32 bytes for each.
    leaves = models.BinaryField()
    stored = models.CharField(max_length=200)
    added_at = models.DateTimeField()
    # The bytes in the storage are no longer those that came in: why, and since when that is known.
    tampered_at = models.DateTimeField(null=True)
    tampered_why = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="blob_sha256_hex"),
        ]

    def __str__(self) -> str:
        return self.sha256


class Artifact(models.Model):
    """A file of a release, for some hardware revisions."""

    release = models.ForeignKey("releases.Release", on_delete=models.PROTECT, related_name="artifacts")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="artifacts")
    name = models.CharField(_("file name"), max_length=120)
    hardware: models.ManyToManyField[Any, Any] = models.ManyToManyField("catalogue.HardwareRevision", related_name="+")
    added_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    # Taken off the release before it was approved; the row stays, as everything does.
    removed_at = models.DateTimeField(null=True)

    objects = ArtifactQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "name"], condition=Q(removed_at=None), name="artifact_name_once_in_release"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Upload(models.Model):
    """A file that is coming in piece by piece (tus). The last piece is counted only together with the artifact."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    release = models.ForeignKey("releases.Release", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    size = models.BigIntegerField()
    expected_sha256 = models.CharField(max_length=64, blank=True)
    hardware_ids = ArrayField(models.BigIntegerField(), default=list)
    offset = models.BigIntegerField(default=0)
    created_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    artifact = models.ForeignKey(Artifact, on_delete=models.PROTECT, null=True, related_name="+")
    # Why it can never become an artifact ("" while it can).
    refused = models.TextField(blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        indexes = [
            # tasks.forget_uploads: which were left behind?
            models.Index(fields=["touched_at"], name="upload_age"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.offset}/{self.size}"


class Piece(models.Model):
    """A part of an upload, stored under a name of its own."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="pieces")
    start = models.BigIntegerField()
    size = models.BigIntegerField()
    stored = models.CharField(max_length=200)

    class Meta:
        ordering = ["start"]
        constraints = [models.UniqueConstraint(fields=["upload", "start"], name="piece_once")]

    def __str__(self) -> str:
        return f"{self.start}+{self.size}"


class Sbom(models.Model):
    """A bill of materials that was uploaded for a release, in the place of the one that is generated."""

    release = models.ForeignKey("releases.Release", on_delete=models.PROTECT, related_name="+")
    content = models.BinaryField()
    spec_version = models.CharField(max_length=8)
    components_count = models.PositiveIntegerField()
    added_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release"], condition=Q(replaced_at=None), name="sbom_current_once"),
        ]

    def __str__(self) -> str:
        return f"CycloneDX {self.spec_version}"


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


class Compatibility(models.Model):
    """Somebody says whether an artifact runs on a hardware revision, and how that is known.

    With bootloaders or a companion it holds for those only; without, for the pair as a whole.
    """

    class State(models.TextChoices):
        SUPPORTED = compatibility.SUPPORTED, _("supported")
        BLOCKED = compatibility.BLOCKED, _("blocked")
        UNTESTED = compatibility.UNTESTED, _("untested")

    artifact = models.ForeignKey(Artifact, on_delete=models.PROTECT, related_name="compatibility")
    hardware = models.ForeignKey("catalogue.HardwareRevision", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices)
    bootloader_from = models.CharField(max_length=40, blank=True)
    bootloader_to = models.CharField(max_length=40, blank=True)
    companion = models.ForeignKey("catalogue.Component", on_delete=models.PROTECT, null=True, related_name="+")
    companion_versions = models.CharField(max_length=120, blank=True)
    evidence = models.TextField(blank=True)
    evidence_url = models.CharField(max_length=500, blank=True)
    set_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    objects = CompatibilityQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "artifact", "hardware", "bootloader_from", "bootloader_to", "companion", "companion_versions",
                ],
                condition=Q(replaced_at=None), nulls_distinct=False, name="compatibility_current_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.artifact} on {self.hardware}: {self.state}"

    @property
    def narrowed(self) -> bool:
        """True where it holds for some bootloaders or companion versions only."""
        return bool(self.bootloader_from or self.bootloader_to or self.companion_id)

    @property
    def condition(self) -> str:
        """What it is narrowed to, in words."""
        from releases.artifacts.wording import condition_of

        return condition_of(self)

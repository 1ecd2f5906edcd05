"""The files of releases, and how they come in."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from releases.artifacts.querysets import (
    ArtifactQuerySet,
    UploadQuerySet,
)

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

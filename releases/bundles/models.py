"""What came in on a stick: bundles, and receipts from the front."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from releases.bundles.querysets import ImportedBundleQuerySet, ReceiptQuerySet
from releases.models import Channel

_USER = "accounts.User"


class ImportedBundle(models.Model):
    """A release that came on a stick: all that was signed, as bytes, and what came with it unsigned.

    Where the repository is known here, `release` is the release that it is; where it is not, teams have the bundle.
    """

    journal_type: ClassVar[str] = "bundle"

    component = models.ForeignKey("catalogue.Component", on_delete=models.PROTECT, related_name="+")
    release = models.ForeignKey("releases.Release", on_delete=models.PROTECT, null=True, related_name="bundles")
    version = models.CharField(max_length=120)
    # As it was signed. A site that knows the repository may count its own releases differently.
    sequence = models.PositiveIntegerField()
    commit = models.CharField(max_length=40)
    # Who receives it here, of those who receive the component; empty: nobody but staff.
    channel = models.CharField(max_length=8, choices=Channel.choices, blank=True)
    manifest = models.BinaryField()
    sbom = models.BinaryField()
    sums = models.BinaryField()
    # Name -> text of what no signature covers: notes, withdrawn versions, fixes.
    documents = models.JSONField(default=dict)
    imported_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    imported_at = models.DateTimeField()

    objects = ImportedBundleQuerySet.as_manager()

    class Meta:
        ordering = ["-imported_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["component", "version"], name="bundle_version_once"),
            models.UniqueConstraint(fields=["component", "sequence"], name="bundle_sequence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.component.name} {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("bundles:bundle", kwargs={"pk": self.pk})


class BundleFile(models.Model):
    """A file of an imported bundle; `hardware` holds [platform, revision] as the manifest names them."""

    bundle = models.ForeignKey(ImportedBundle, on_delete=models.PROTECT, related_name="files")
    blob = models.ForeignKey("artifacts.Blob", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    hardware = models.JSONField(default=list)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["bundle", "name"], name="bundle_file_once")]

    def __str__(self) -> str:
        return self.name


class BundleSignature(models.Model):
    """A signature that counted when the bundle came in."""

    bundle = models.ForeignKey(ImportedBundle, on_delete=models.PROTECT, related_name="signatures")
    key = models.ForeignKey("artifacts.SigningKey", on_delete=models.PROTECT, related_name="+")
    text = models.TextField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["bundle", "key"], name="bundle_signature_once")]

    def __str__(self) -> str:
        return f"{self.bundle_id}: {self.key_id}"


class Receipt(models.Model):
    """A line that came back from the front: that a release runs on a board, and whether it helped.

    `raw` is what was written, whatever became of it. `kept`: the release is known here only as a bundle; the receipt
    waits to be carried on to where the release is.
    """

    class State(models.TextChoices):
        TAKEN = "taken", _("taken in")
        KEPT = "kept", _("to be carried on")
        REFUSED = "refused", _("refused")

    class VerdictState(models.TextChoices):
        NONE = "", _("none")
        WAITING = "waiting", _("on its way")
        TAKEN = "taken", _("taken in")
        REFUSED = "refused", _("refused")

    journal_type: ClassVar[str] = "receipt"

    # Of the words in `raw`: the same line is one receipt, however often it comes.
    digest = models.CharField(max_length=64, unique=True)
    raw = models.TextField()
    source = models.CharField(max_length=200, blank=True)
    number = models.PositiveIntegerField()
    client_uuid = models.UUIDField(null=True)
    team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, null=True, related_name="+")
    release = models.ForeignKey("releases.Release", on_delete=models.PROTECT, null=True, related_name="+")
    bundle = models.ForeignKey(ImportedBundle, on_delete=models.PROTECT, null=True, related_name="receipts")
    hardware = models.ForeignKey("catalogue.HardwareRevision", on_delete=models.PROTECT, null=True, related_name="+")
    installation = models.ForeignKey("releases.Installation", on_delete=models.PROTECT, null=True, related_name="+")
    installed_at = models.DateTimeField(null=True)
    ticket = models.CharField(max_length=40, blank=True)
    verdict = models.CharField(max_length=16, blank=True)
    tested_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State.choices)
    error = models.TextField(blank=True)
    verdict_state = models.CharField(max_length=8, choices=VerdictState.choices, blank=True)
    verdict_error = models.TextField(blank=True)
    taken_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField()

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        ordering = ["-taken_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["client_uuid"], condition=~Q(state="refused"), name="receipt_uuid_once"),
        ]
        indexes = [
            # The page of receipts: the latest first.
            models.Index(fields=["-taken_at", "-id"], name="receipt_latest"),
        ]

    def __str__(self) -> str:
        return str(self.client_uuid or self.digest[:12])

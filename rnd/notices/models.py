"""Who is told what: webhooks with what was sent to them, and notices to people."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from rnd.notices.querysets import NoticeQuerySet, WebhookQuerySet


class Webhook(models.Model):
    """An address of another system that is told what happens in a programme (Standard Webhooks 1.0)."""

    journal_type: ClassVar[str] = "webhook"

    programme = models.ForeignKey("catalogue.Programme", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    url = models.CharField(_("address"), max_length=500)
    kinds = ArrayField(models.CharField(max_length=80), verbose_name=_("what it is told"))
    added_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    # Set: nothing is sent any more, for this reason (a person's, or what the other side answered).
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_reason = models.CharField(max_length=300, blank=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(disabled_at=None) | ~Q(disabled_reason=""), name="webhook_disabled_with_reason"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("notices:webhook", kwargs={"pk": self.pk})


class WebhookSecret(models.Model):
    """A key that messages to a webhook are signed with; two are in use while the receiver changes over."""

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="secrets")
    sealed = models.TextField()  # by foundation.kit.vault: it is needed in plain to sign
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"key of {self.webhook} since {self.made_at:%Y-%m-%d}"


class Delivery(models.Model):
    """One message to one webhook about one entry of the journal: what is sent, and how far it has come."""

    class State(models.TextChoices):
        DUE = "due", _("on its way")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("given up")

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    # None: a trial message that a person sent.
    entry_id = models.BigIntegerField(null=True)
    # What the receiver knows it by; the same at every attempt, so that it can tell a repetition.
    message = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=80)
    body = models.TextField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.DUE)
    made_at = models.DateTimeField()
    attempts_made = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["webhook", "entry_id"], name="delivery_once"),)
        indexes = (
            # tasks.send_due: what is to be sent now?
            models.Index(fields=["next_attempt_at"], condition=Q(state="due"), name="delivery_due"),
            # The webhook's page: the newest first.
            models.Index(fields=["webhook", "-id"], name="delivery_of_webhook"),
        )

    def __str__(self) -> str:
        return f"{self.message} {self.kind}"


class Attempt(models.Model):
    """One try to deliver: what the other side answered, or why it could not be asked."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="attempts")
    at = models.DateTimeField()
    took_ms = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.status or self.error}"


class Notice(models.Model):
    """What one person is told: a sentence of the journal, and where it leads. Read once it was opened."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    entry_id = models.BigIntegerField()
    kind = models.CharField(max_length=80)
    # What it is about, in the words of the moment ("Sokil Radio 2.1"), and its page.
    subject = models.CharField(max_length=300)
    url = models.CharField(max_length=500)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "entry_id"], name="notice_once"),)
        indexes = (
            # The notices page, and the count of unread ones beside the bell.
            models.Index(fields=["user", "-id"], name="notice_of_user"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notice_unread"),
        )

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"

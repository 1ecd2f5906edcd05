"""What is heard: tickets, what became of them at the front, and the teams' verdicts."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models_devices import ToldByTeam
from frontline_feedback.keys import key_of
from frontline_feedback.querysets import AttachmentQuerySet, TicketQuerySet


class Severity(models.TextChoices):
    S1 = "S1", _("mission stop")
    S2 = "S2", _("degraded")
    S3 = "S3", _("nuisance")
    S4 = "S4", _("wish")


class Outcome(models.TextChoices):
    """How a ticket ended."""

    FIXED = "fixed", _("fixed")
    ANSWERED = "answered", _("answered")
    NO_FAULT_FOUND = "no_fault_found", _("no fault found")
    WONT_FIX = "wont_fix", _("won't fix")
    REJECTED = "rejected", _("rejected")
    DUPLICATE = "duplicate", _("duplicate")


class Ticket(ToldByTeam):
    """One fault as a field team saw it. Key `FB-<pk>`, never reused."""

    journal_type: ClassVar[str] = "ticket"
    person_field = "reporter"
    # What `queries.offers_of` has read; only on tickets that were asked for it.
    known_offers: list[Offer]

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        ACCEPTED = "accepted", _("accepted")
        CLOSED = "closed", _("closed")

    # Given by the reporting client before it is online: sending twice makes one ticket.
    client_uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    # Of what was sent under that uuid; the ticket itself may be reclassified before it is sent again.
    content_digest = models.CharField(max_length=64, editable=False)
    programme = models.ForeignKey("catalogue.Programme", on_delete=models.PROTECT, related_name="tickets")
    team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, related_name="tickets")
    reporter = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=5, choices=settings.LANGUAGES, default="en")
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    conditions = models.TextField(blank=True)
    platform = models.ForeignKey("catalogue.Platform", on_delete=models.PROTECT, related_name="+")
    component = models.ForeignKey("catalogue.Component", on_delete=models.PROTECT, related_name="+")
    hardware = models.ForeignKey(
        "catalogue.HardwareRevision", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The release it was seen on, where the version text names one; the text stays as written.
    release = models.ForeignKey("releases.Release", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version_text = models.CharField(max_length=120, blank=True)
    severity = models.CharField(max_length=2, choices=Severity.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    closed_reason = models.TextField(blank=True)
    canonical = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates")
    pass_number = models.PositiveIntegerField(default=1)
    seen_at = models.DateTimeField()
    received_at = models.DateTimeField()

    # Every word as written, without a language: reports are Ukrainian, English and Norwegian, often mixed.
    # Kept, so that a search never has to take texts apart; `visible_to` leaves them out of the SELECT.
    words = models.GeneratedField(
        expression=SearchVector("title", "body", "conditions", "version_text", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = TicketQuerySet.as_manager()

    class Meta:
        indexes = [
            # The ticket list, newest first, of the programmes one may see.
            models.Index(fields=["programme", "-id"], name="ticket_list"),
            # A field team's own list.
            models.Index(fields=["team", "-id"], name="ticket_list_of_team"),
            # The triage inbox and the open tickets of a programme.
            models.Index(
                fields=["programme", "state", "-id"],
                name="ticket_open",
                condition=~Q(state="closed"),
            ),
            # The list of one outcome, however rare it is.
            models.Index(fields=["programme", "outcome", "-id"], name="ticket_list_of_outcome"),
            # search.matching: words by their beginnings, and titles that resemble.
            GinIndex(fields=["words"], name="ticket_words"),
            GinIndex(fields=["title"], name="ticket_similar_title", opclasses=["gin_trgm_ops"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="closed", outcome__gt="") | (~Q(state="closed") & Q(outcome="")),
                name="ticket_closed_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(canonical__isnull=True) | Q(outcome="duplicate"),
                name="ticket_canonical_means_duplicate",
            ),
            models.CheckConstraint(condition=Q(seen_at__lte=F("received_at")), name="ticket_seen_before_received"),
        ]

    @property
    def key(self) -> str:
        return key_of(self.pk)

    @property
    def is_open(self) -> bool:
        return self.state != self.State.CLOSED

    @property
    def is_merged(self) -> bool:
        return self.canonical_id is not None

    def get_absolute_url(self) -> str:
        return f"/{self.key}"

    def __str__(self) -> str:
        return f"{self.key} {self.title}"


class Offer(models.Model):
    """A published release that holds the ticket's fix, on a channel its team receives."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="offers")
    release = models.ForeignKey("releases.Release", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8)
    pass_number = models.PositiveIntegerField()
    offered_at = models.DateTimeField()
    installed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "release", "pass_number"], name="offer_once_a_pass"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.release_id} ({self.channel})"


class Verdict(ToldByTeam):
    """What the team that installed the fix says about it. Never changed; a later one may say otherwise."""

    person_field = "given_by"

    class Outcome(models.TextChoices):
        FIXED = "fixed", _("fixed")
        NOT_FIXED = "not_fixed", _("not fixed")
        WORSE = "worse", _("worse")
        COULD_NOT_TEST = "could_not_test", _("could not test")

    client_uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="verdicts")
    release = models.ForeignKey("releases.Release", on_delete=models.PROTECT, related_name="+")
    hardware = models.ForeignKey("catalogue.HardwareRevision", on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    note = models.TextField(blank=True)
    pass_number = models.PositiveIntegerField()
    given_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    given_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(given_at__lte=F("recorded_at")), name="verdict_given_before_recorded"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.outcome} ({self.release_id})"


class Comment(ToldByTeam):
    """A word between the front and the engineers, in Markdown. Never changed."""

    person_field = "author"

    client_uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    body = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.body[:40]}"


class Attachment(models.Model):
    """A photo (without its metadata: it was removed before anything was stored) or a log file."""

    class Kind(models.TextChoices):
        PHOTO = "photo", _("photo")
        LOG = "log", _("log file")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="attachments")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    # Of what is stored; and of what was sent, so that sending it again is recognised.
    sha256 = models.CharField(max_length=64)
    sent_sha256 = models.CharField(max_length=64, editable=False)
    file = models.FileField(max_length=200)
    added_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "sent_sha256"], name="attachment_once_a_ticket"),
        ]

    @property
    def is_photo(self) -> bool:
        return self.kind == self.Kind.PHOTO

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.name}"

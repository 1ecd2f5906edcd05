"""A release that goes out by and by: the rollout, its groups of teams, each team's answer, and who was told of what."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from releases.models import Channel
from releases.rollouts.machine import Answer as AnswerValue
from releases.rollouts.machine import State as StateValue
from releases.rollouts.querysets import LIVE, RolloutQuerySet
from releases.rollouts.reasons import in_words


class Rollout(models.Model):
    """A release let out on one channel group by group. While it lives, only teams of begun groups are offered it."""

    journal_type: ClassVar[str] = "rollout"

    class State(models.TextChoices):
        RUNNING = StateValue.RUNNING.value, _("running")
        PAUSED = StateValue.PAUSED.value, _("paused")
        COMPLETED = StateValue.COMPLETED.value, _("completed")
        ABORTED = StateValue.ABORTED.value, _("aborted")

    release = models.ForeignKey("releases.Release", on_delete=models.PROTECT, related_name="rollouts")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    # Of those asked in the current group, at least this share has to run it before the next group begins.
    success_percent = models.PositiveSmallIntegerField(default=100)
    # From this share of failures among those asked in the current group on, the rollout pauses by itself.
    error_percent = models.PositiveSmallIntegerField(default=20)
    # From so many teams on that call it worse than before, likewise; 0: never.
    worse_limit = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    # Why it is paused or aborted: the words of whoever did it, or what was found (`reasons`).
    reason = models.TextField(blank=True)
    state_since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    tell: models.ManyToManyField[Any, Any] = models.ManyToManyField("accounts.User", related_name="+")

    objects = RolloutQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release"], condition=Q(state__in=LIVE), name="rollout_live_once"),
            models.CheckConstraint(
                condition=Q(success_percent__range=(1, 100), error_percent__range=(1, 100)), name="rollout_percents"
            ),
            models.CheckConstraint(
                condition=Q(state__in=LIVE, ended_at__isnull=True) | Q(~Q(state__in=LIVE), ended_at__isnull=False),
                name="rollout_ended_when_over",
            ),
        ]
        indexes = [
            # tasks.step: which are under way?
            models.Index(fields=["state"], condition=Q(state="running"), name="rollout_running"),
        ]

    def __str__(self) -> str:
        return f"{self.release} → {Channel(self.channel).label}"

    def get_absolute_url(self) -> str:
        return reverse("rollouts:rollout", kwargs={"pk": self.pk})

    @property
    def why(self) -> str:
        """Why it is paused or aborted, in words; empty where nobody had to say."""
        return in_words(self.reason)

    @property
    def is_live(self) -> bool:
        """Tell whether it is running or paused."""
        return self.state in LIVE


class RolloutGroup(models.Model):
    """Teams that are asked together, after those of the group before."""

    rollout = models.ForeignKey(Rollout, on_delete=models.PROTECT, related_name="groups", db_index=False)
    number = models.PositiveSmallIntegerField()
    # How long to wait and watch after the group has begun, whatever it answers.
    soak_hours = models.PositiveIntegerField(default=24)
    # A person has to let this group begin.
    gate = models.BooleanField(default=False)
    begun_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["rollout", "number"], name="rollout_group_once")]

    def __str__(self) -> str:
        return f"{self.rollout_id}/{self.number}"

    @property
    def soaked_at(self) -> datetime | None:
        """When its soak time is over; None while it has not begun."""
        return self.begun_at + timedelta(hours=self.soak_hours) if self.begun_at else None


class RolloutTeam(models.Model):
    """A team in a group, and what came back from it. Unreachable is not failed; skipped is not success."""

    class Answer(models.TextChoices):
        WAITING = AnswerValue.WAITING.value, _("no answer yet")
        INSTALLED = AnswerValue.INSTALLED.value, _("installed")
        FAILED = AnswerValue.FAILED.value, _("failed")
        WORSE = AnswerValue.WORSE.value, _("worse than before")
        UNREACHABLE = AnswerValue.UNREACHABLE.value, _("unreachable")
        SKIPPED = AnswerValue.SKIPPED.value, _("skipped")

    rollout = models.ForeignKey(Rollout, on_delete=models.PROTECT, related_name="teams", db_index=False)
    group = models.ForeignKey(RolloutGroup, on_delete=models.PROTECT, related_name="teams")
    team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=11, choices=Answer.choices, default=Answer.WAITING)
    note = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    # Known to whoever let the rollout go on: it pauses it no second time, and is no success for that.
    excused = models.BooleanField(default=False)

    class Meta:
        ordering = ["team__name"]
        constraints = [models.UniqueConstraint(fields=["rollout", "team"], name="rollout_team_once")]

    def __str__(self) -> str:
        return f"{self.rollout_id}: {self.team_id} {self.answer}"


class Telling(models.Model):
    """Somebody has to hear that a rollout paused: shown until read, and mailed where mail is configured."""

    rollout = models.ForeignKey(Rollout, on_delete=models.PROTECT, related_name="tellings")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    entry_id = models.BigIntegerField()
    reason = models.TextField()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    next_mail_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "entry_id"], name="telling_once")]
        indexes = [
            # tasks.mail: what is due?
            models.Index(fields=["next_mail_at"], condition=Q(next_mail_at__isnull=False), name="telling_mail_due"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.reason[:60]}"

    @property
    def why(self) -> str:
        """Why it paused, in words."""
        return in_words(self.reason)


class WithdrawalWarning(models.Model):
    """A team that runs a withdrawn release was told so."""

    release = models.ForeignKey(
        "releases.Release", on_delete=models.PROTECT, related_name="withdrawal_warnings", db_index=False
    )
    team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "team"], name="withdrawal_warning_once"),
            models.CheckConstraint(
                condition=Q(seen_at__isnull=True) | Q(seen_at__gte=F("at")), name="withdrawal_warning_seen"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id}: {self.release_id}"

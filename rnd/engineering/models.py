"""What is done about it: tasks, and their links to tickets and commits."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rnd.engineering.querysets import TaskQuerySet


class Task(models.Model):
    """A piece of engineering work in one component. Key `ENG-<pk>`, never reused."""

    journal_type: ClassVar[str] = "task"

    class Stage(models.TextChoices):
        QUEUE = "queue", _("queue")
        DESIGN = "design", _("design")
        BUILD = "build", _("build")
        TEST = "test", _("test")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")

    client_uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    component = models.ForeignKey("catalogue.Component", on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey("catalogue.Programme", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    assignee = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.QUEUE)
    stage_since = models.DateTimeField()
    blocked_reason = models.TextField(blank=True)
    blocked_since = models.DateTimeField(null=True, blank=True)
    # Place within its column on the board.
    rank = models.FloatField(default=0)
    opened_at = models.DateTimeField()
    tickets = models.ManyToManyField("frontline_feedback.Ticket", through="TaskTicket", related_name="tasks")
    commits = models.ManyToManyField("releases.Commit", through="TaskCommit", related_name="tasks")

    objects = TaskQuerySet.as_manager()

    class Meta:
        indexes = [
            # The board: the open tasks of a component, column by column.
            models.Index(
                fields=["programme", "stage", "rank"],
                name="task_board",
                condition=~Q(stage__in=["done", "cancelled"]),
            ),
        ]

    @property
    def key(self) -> str:
        return f"ENG-{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.stage not in (self.Stage.DONE, self.Stage.CANCELLED)

    @property
    def is_blocked(self) -> bool:
        return self.blocked_since is not None

    def get_absolute_url(self) -> str:
        return f"/{self.key}"

    def __str__(self) -> str:
        return f"{self.key} {self.title}"


class TaskTicket(models.Model):
    """A task works on a ticket; a task may serve several, a ticket may need several."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="ticket_links")
    ticket = models.ForeignKey("frontline_feedback.Ticket", on_delete=models.PROTECT, related_name="task_links")
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "ticket"], name="task_ticket_once"),
        ]


class TaskCommit(models.Model):
    """A commit that belongs to a task, and how sure that is."""

    class Strength(models.TextChoices):
        STRONG = "strong", _("trailer")
        MEDIUM = "medium", _("line in the message")
        MENTION = "mention", _("mention")
        PULL = "pull", _("pull request")
        BRANCH = "branch", _("branch name")
        MANUAL = "manual", _("by hand")

    class Suspect(models.TextChoices):
        DROPPED = "dropped", _("the commit is on no branch and in no tag any more")
        REVERTED = "reverted", _("the commit was taken back")
        REOPENED = "reopened", _("the task was taken up again after it")

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="commit_links")
    commit = models.ForeignKey("releases.Commit", on_delete=models.PROTECT, related_name="task_links")
    strength = models.CharField(max_length=8, choices=Strength.choices)
    linked_at = models.DateTimeField()
    # One end has changed since somebody could be sure of the link.
    suspect = models.CharField(max_length=8, choices=Suspect.choices, blank=True)
    suspect_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "commit"], name="task_commit_once"),
        ]


class TaskPullRequest(models.Model):
    """A task is worked on in a pull request: commits that tell its number belong to the task."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="pull_requests")
    repository = models.ForeignKey("releases.Repository", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveBigIntegerField()
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["repository", "number", "task"], name="task_pull_request_once"),
        ]

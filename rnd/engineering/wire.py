"""What the API reads and gives of tasks."""

from __future__ import annotations

from rest_framework import serializers

from foundation.accounts.models import Team, User
from foundation.catalogue.models import Component
from foundation.kit.api.serializers import InputSerializer
from frontline_feedback.keys import PATTERN as TICKET_PATTERN
from rnd.engineering.models import Task


class TaskSerializer(serializers.ModelSerializer[Task]):
    """A task as the API gives it."""

    key = serializers.CharField(read_only=True)
    assignee: serializers.SlugRelatedField[User] = serializers.SlugRelatedField(
        slug_field="username", read_only=True, allow_null=True
    )
    component: serializers.SlugRelatedField[Component] = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    team: serializers.SlugRelatedField[Team] = serializers.SlugRelatedField(
        slug_field="slug", read_only=True, allow_null=True
    )
    tickets = serializers.SerializerMethodField()
    commits = serializers.SerializerMethodField()

    class Meta:
        model = Task
        fields = (
            "key",
            "client_uuid",
            "title",
            "body",
            "component",
            "team",
            "assignee",
            "stage",
            "stage_since",
            "blocked_reason",
            "blocked_since",
            "opened_at",
            "tickets",
            "commits",
        )

    def get_tickets(self, task: Task) -> list[str]:
        """The keys of the tickets that the task works on."""
        return [link.ticket.key for link in task.ticket_links.all()]

    def get_commits(self, task: Task) -> list[str]:
        """The full hashes of the task's commits."""
        return [commit.sha for commit in task.commits.all()]


class OpenTaskInput(InputSerializer):
    component = serializers.SlugField(max_length=60)
    title = serializers.CharField(max_length=200)
    body = serializers.CharField(required=False, allow_blank=True, max_length=50_000)
    ticket = serializers.RegexField(rf"^{TICKET_PATTERN}$", required=False)
    assignee = serializers.CharField(required=False, max_length=150)
    client_uuid = serializers.UUIDField(required=False)


class EditTaskInput(InputSerializer):
    title = serializers.CharField(max_length=200)
    body = serializers.CharField(allow_blank=True, max_length=50_000)


class MoveTaskInput(InputSerializer):
    stage = serializers.ChoiceField(choices=Task.Stage.choices)
    expected_stage = serializers.ChoiceField(choices=Task.Stage.choices, required=False)


class AssignTaskInput(InputSerializer):
    assignee = serializers.CharField(allow_null=True, max_length=150)


class HandOverTaskInput(InputSerializer):
    team = serializers.SlugField()


class BlockTaskInput(InputSerializer):
    reason = serializers.CharField(max_length=2000)


class TicketInput(InputSerializer):
    ticket = serializers.RegexField(rf"^{TICKET_PATTERN}$")


class CommitInput(InputSerializer):
    sha = serializers.RegexField(r"^[0-9a-f]{40}$")

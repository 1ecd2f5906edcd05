"""`/api/v1/tasks/`: the same verbs as the board's."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.accounts.models import Team, User
from foundation.catalogue.models import Component
from foundation.kit.api.schema import verb
from foundation.kit.api.views import ActionViewSet
from foundation.kit.errors import Invalid
from frontline_feedback.keys import pk_of as ticket_pk_of
from frontline_feedback.models import Ticket
from releases.models import Commit
from rnd.engineering import actions, queries
from rnd.engineering.keys import PATTERN, pk_of
from rnd.engineering.models import Task
from rnd.engineering.wire import (
    AssignTaskInput,
    BlockTaskInput,
    CommitInput,
    EditTaskInput,
    HandOverTaskInput,
    MoveTaskInput,
    OpenTaskInput,
    TaskSerializer,
    TicketInput,
)

# Which tasks a list holds, by column.
_NAMED: Final = {"component": "component__slug", "team": "team__slug", "assignee": "assignee__username"}
LIST_PARAMETERS = [
    OpenApiParameter("stage", OpenApiTypes.STR, enum=["open", *Task.Stage.values]),
    OpenApiParameter("component", OpenApiTypes.STR, description="Slug of a component."),
    OpenApiParameter("team", OpenApiTypes.STR, description="Slug of the team that has the task."),
    OpenApiParameter("assignee", OpenApiTypes.STR, description="Username."),
    OpenApiParameter("ticket", OpenApiTypes.STR, description="Key of a ticket."),
    OpenApiParameter("blocked", OpenApiTypes.BOOL),
    OpenApiParameter("q", OpenApiTypes.STR, description="Words of the title, or a key."),
]


@extend_schema_view(list=extend_schema(parameters=LIST_PARAMETERS))
class TaskViewSet(ActionViewSet[Task]):
    """Engineering tasks, newest first."""

    serializer_class = TaskSerializer
    lookup_url_kwarg = "key"
    lookup_value_regex = PATTERN
    queryset = Task.objects.none()
    query_names: ClassVar[frozenset[str]] = frozenset({"stage", *_NAMED, "ticket", "blocked", "q"})

    def get_queryset(self) -> QuerySet[Task]:
        tasks = (
            Task.objects.visible_to(self.actor)
            .select_related("component", "team", "assignee")
            .prefetch_related("ticket_links__ticket", "commits")
        )
        return self._narrowed(tasks) if self.action == "list" else tasks

    def get_object(self) -> Task:
        task = queries.task_by_key(self.actor, pk_of(self.kwargs["key"]) or 0)
        return self.get_queryset().get(pk=task.pk)

    @extend_schema(request=OpenTaskInput, responses={201: TaskSerializer})
    def create(self, request: Request) -> Response:
        """Open a task, from a ticket or on its own."""
        self.actor.require("task.open")
        values = self.parsed(OpenTaskInput)
        component = self._component(values.pop("component"))
        ticket = self._ticket(values.pop("ticket")) if "ticket" in values else None
        assignee = self._person(values.pop("assignee")) if "assignee" in values else None
        task = actions.open_task(actor=self.actor, component=component, ticket=ticket, assignee=assignee, **values)
        return self.created(self.get_queryset().get(pk=task.pk), location=f"/api/v1/tasks/{task.key}/")

    @verb(EditTaskInput, gives=TaskSerializer)
    def edit(self, request: Request, key: str) -> Response:
        """Replace title and body."""
        actions.edit_task(actor=self.actor, task=self.get_object(), **self.parsed(EditTaskInput))
        return self.answer()

    @verb(MoveTaskInput, gives=TaskSerializer)
    def move(self, request: Request, key: str) -> Response:
        """Move the task to another stage, forward or back."""
        actions.move_task(actor=self.actor, task=self.get_object(), **self.parsed(MoveTaskInput))
        return self.answer()

    @verb(AssignTaskInput, gives=TaskSerializer)
    def assign(self, request: Request, key: str) -> Response:
        """Give the task to somebody (username), or back (null)."""
        task = self.get_object()
        name = self.parsed(AssignTaskInput)["assignee"]
        person = None if name is None else self._person(name)
        actions.assign_task(actor=self.actor, task=task, assignee=person)
        return self.answer()

    @verb(HandOverTaskInput, gives=TaskSerializer, name="hand-over")
    def hand_over(self, request: Request, key: str) -> Response:
        """Hand the task to a team (slug): nobody has it until somebody there takes it."""
        task = self.get_object()
        slug = self.parsed(HandOverTaskInput)["team"]
        team = Team.objects.visible_to(self.actor).filter(slug=slug).first()
        if team is None:
            raise _unknown("team", slug)
        actions.hand_over_task(actor=self.actor, task=task, team=team)
        return self.answer()

    @verb(BlockTaskInput, gives=TaskSerializer)
    def block(self, request: Request, key: str) -> Response:
        """Say what the task waits for."""
        actions.block_task(actor=self.actor, task=self.get_object(), **self.parsed(BlockTaskInput))
        return self.answer()

    @verb(None, gives=TaskSerializer)
    def unblock(self, request: Request, key: str) -> Response:
        """Say that the task can go on."""
        actions.unblock_task(actor=self.actor, task=self.get_object())
        return self.answer()

    @verb(TicketInput, gives=TaskSerializer)
    def tickets(self, request: Request, key: str) -> Response:
        """Link a ticket that the task works on."""
        task = self.get_object()
        ticket = self._ticket(self.parsed(TicketInput)["ticket"])
        actions.link_ticket(actor=self.actor, task=task, ticket=ticket)
        return self.answer()

    @verb(TicketInput, gives=TaskSerializer, name="tickets/unlink")
    def unlink_ticket(self, request: Request, key: str) -> Response:
        """Take back that the task works on a ticket."""
        task = self.get_object()
        ticket = self._ticket(self.parsed(TicketInput)["ticket"])
        actions.unlink_ticket(actor=self.actor, task=task, ticket=ticket)
        return self.answer()

    @verb(CommitInput, gives=TaskSerializer)
    def commits(self, request: Request, key: str) -> Response:
        """Link a commit that belongs to the task."""
        task = self.get_object()
        commit = self._commit(task, self.parsed(CommitInput)["sha"])
        actions.link_commit(actor=self.actor, task=task, commit=commit)
        return self.answer()

    @verb(CommitInput, gives=TaskSerializer, name="commits/unlink")
    def unlink_commit(self, request: Request, key: str) -> Response:
        """Take back that a commit belongs to the task."""
        task = self.get_object()
        commit = self._commit(task, self.parsed(CommitInput)["sha"])
        actions.unlink_commit(actor=self.actor, task=task, commit=commit)
        return self.answer()

    @verb(CommitInput, gives=TaskSerializer, name="commits/confirm")
    def confirm_commit(self, request: Request, key: str) -> Response:
        """Say that a link which is in doubt still holds (`suspect-links/` lists those)."""
        task = self.get_object()
        commit = self._commit(task, self.parsed(CommitInput)["sha"])
        actions.confirm_commit(actor=self.actor, task=task, commit=commit)
        return self.answer()

    def _narrowed(self, tasks: Any) -> Any:
        asked = self.request.query_params
        stage = asked.get("stage", "")
        if stage and stage != "open" and stage not in Task.Stage.values:
            raise Invalid(
                "task.unknown_stage",
                _("“%(stage)s” is no stage. Stages are: %(stages)s.")
                % {"stage": stage[:40], "stages": ", ".join(["open", *Task.Stage.values])},
                field="stage",
            )
        tasks = queries.narrowed(tasks, stage=stage, text=asked.get("q", ""))
        for name, column in _NAMED.items():
            if value := asked.get(name):
                tasks = tasks.filter(**{column: value})
        if ticket := asked.get("ticket"):
            tasks = tasks.filter(ticket_links__ticket_id=ticket_pk_of(ticket) or 0)
        if (blocked := asked.get("blocked")) is not None:
            tasks = tasks.filter(blocked_since__isnull=not _truth(blocked))
        return tasks

    def _component(self, slug: str) -> Component:
        component = Component.objects.visible_to(self.actor).filter(slug=slug).first()
        if component is None:
            raise _unknown("component", slug)
        return component

    def _ticket(self, key: str) -> Ticket:
        ticket = Ticket.objects.visible_to(self.actor).filter(pk=ticket_pk_of(key) or 0).first()
        if ticket is None:
            raise _unknown("ticket", key)
        return ticket

    def _person(self, username: str) -> User:
        person = User.objects.filter(username=username, is_active=True).first()
        if person is None:
            raise _unknown("assignee", username)
        return person

    def _commit(self, task: Task, sha: str) -> Commit:
        commit = Commit.objects.filter(repository__component_id=task.component_id, sha=sha).first()
        if commit is None:
            raise _unknown("sha", sha)
        return commit


def _unknown(field: str, value: str) -> Invalid:
    return Invalid(
        f"task.{field}_unknown",
        _("There is no “%(value)s” that you may see. Check the spelling.") % {"value": value[:80]},
        field=field,
    )


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise Invalid(
            "query.not_boolean",
            _("“%(value)s” is neither true nor false.") % {"value": text[:40]},
            field="blocked",
        )
    return text == "true"

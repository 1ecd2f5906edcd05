"""What the board, the task page and the API read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team, User
from foundation.catalogue.models import Component
from foundation.kit.errors import NotFound
from frontline_feedback.models import Ticket
from releases.models import Commit, Release
from releases.queries import holders
from rnd.engineering.keys import pk_of
from rnd.engineering.models import Task, TaskCommit, TaskTicket
from rnd.engineering.policies import SEERS
from rnd.engineering.querysets import TaskQuerySet

BOARD_STAGES: Final = (Task.Stage.QUEUE, Task.Stage.DESIGN, Task.Stage.BUILD, Task.Stage.TEST)
# A board is looked at, not scrolled through: what lies deeper in a column is counted, not shown.
COLUMN_LIMIT: Final = 60


@dataclass(frozen=True, slots=True)
class Filters:
    """What the board and the list of tasks are narrowed to; ids, None for all."""

    component: int | None = None
    assignee: int | None = None
    teams: frozenset[int] | None = None
    unassigned: bool = False
    blocked: bool = False

    def apply(self, tasks: TaskQuerySet[Task]) -> TaskQuerySet[Task]:
        if self.component is not None:
            tasks = tasks.filter(component_id=self.component)
        if self.assignee is not None:
            tasks = tasks.filter(assignee_id=self.assignee)
        if self.teams is not None:
            tasks = tasks.filter(team_id__in=self.teams)
        if self.unassigned:
            tasks = tasks.filter(assignee__isnull=True)
        if self.blocked:
            tasks = tasks.filter(blocked_since__isnull=False)
        return tasks


@dataclass(frozen=True, slots=True)
class Column:
    """One stage of the board: its tasks from the top, and how many there are in all."""

    stage: str
    label: str
    tasks: list[Task]
    count: int

    @property
    def hidden(self) -> int:
        return self.count - len(self.tasks)


def _with_card_facts(tasks: TaskQuerySet[Task]) -> TaskQuerySet[Any]:
    return (
        tasks.select_related("component", "assignee", "team")
        .annotate(commit_count=Count("commits", distinct=True))
        .prefetch_related(
            Prefetch(
                "ticket_links",
                TaskTicket.objects.select_related("ticket").order_by("ticket_id"),
            )
        )
    )


def board(actor: Actor, filters: Filters) -> list[Column]:
    """Give the open stages, each with its tasks in the order in which people put them (6 queries or fewer)."""
    visible = filters.apply(Task.objects.visible_to(actor))
    counts = dict(
        visible.filter(stage__in=BOARD_STAGES).values_list("stage").annotate(n=Count("pk")).values_list("stage", "n")
    )
    shown: list[int] = []
    for stage in BOARD_STAGES:
        shown += visible.filter(stage=stage).order_by("rank", "pk").values_list("pk", flat=True)[:COLUMN_LIMIT]
    tasks = _with_card_facts(Task.objects.filter(pk__in=shown)).order_by("rank", "pk")
    columns: dict[str, list[Task]] = {stage: [] for stage in BOARD_STAGES}
    for task in tasks:
        columns[task.stage].append(task)
    return [Column(stage, str(Task.Stage(stage).label), columns[stage], counts.get(stage, 0)) for stage in BOARD_STAGES]


def tasks_for(actor: Actor, *, stage: str = "", text: str = "", filters: Filters | None = None) -> TaskQuerySet[Task]:
    """Give the visible tasks, newest first, as rows of a list; see `narrowed` for `stage` and `text`."""
    tasks = (filters or Filters()).apply(Task.objects.visible_to(actor))
    return _with_card_facts(narrowed(tasks, stage=stage, text=text)).order_by("-pk")


def narrowed(tasks: TaskQuerySet[Task], *, stage: str = "", text: str = "") -> TaskQuerySet[Task]:
    """Keep the tasks in `stage` ("open": in any open one) and those whose key or title matches `text`."""
    if stage == "open":
        tasks = tasks.open()
    elif stage:
        tasks = tasks.filter(stage=stage)
    if text:
        pk = pk_of(text) or (int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None)
        tasks = tasks.filter(Q(title__icontains=text) | (Q(pk=pk) if pk else Q(pk__in=[])))
    return tasks


def task_by_key(actor: Actor, number: int) -> Task:
    """Give the visible task ENG-`number`; raises NotFound."""
    task = (
        Task.objects.visible_to(actor)
        .select_related("component", "assignee", "team", "programme")
        .filter(pk=number)
        .first()
    )
    if task is None:
        raise NotFound(
            "task.not_found",
            _("There is no task ENG-%(number)s that you may see. Check the number.") % {"number": number},
        )
    return task


def tickets_of(actor: Actor, task: Task) -> list[Ticket]:
    """Give the tickets that the task works on and the actor may see."""
    return list(
        Ticket.objects.visible_to(actor)
        .filter(task_links__task=task)
        .select_related("team", "component")
        .order_by("pk")
    )


def commit_links_of(task: Task) -> list[TaskCommit]:
    """Give the task's commits with how sure each link is, newest first."""
    return list(
        TaskCommit.objects.filter(task=task)
        .select_related("commit", "commit__repository")
        .order_by("-commit__committed_at", "-commit_id")
    )


def releases_with(task: Task) -> list[Release]:
    """Give the releases that hold every commit of the task, first one first."""
    commits = [link.commit for link in task.commit_links.select_related("commit")]
    return list(Release.objects.filter(pk__in=holders(commits)).select_related("component").order_by("sequence"))


def assignable(task: Task) -> QuerySet[User]:
    """Give the people who may be given the task, by name."""
    return (
        User.objects.filter(
            is_active=True,
            memberships__team__programmes=task.programme_id,
            memberships__team__kind="engineering",
        )
        .distinct()
        .order_by("name", "username")
    )


def teams_for(task: Task) -> QuerySet[Team]:
    """Give the teams to which the task may be handed, by name."""
    return Team.objects.filter(kind=Team.Kind.ENGINEERING, programmes=task.programme_id).order_by("name")


def openable_components(actor: Actor) -> QuerySet[Component]:
    """Give the components in which the actor may open tasks, by name."""
    return Component.objects.filter(programme_id__in=actor.programmes(*SEERS)).order_by("name")


def commits_to_link(task: Task, text: str) -> list[Commit]:
    """Give up to 20 commits of the task's component that `text` finds, without those that are linked already.

    A word is looked for in hash (from its beginning), subject, message and author; `#12` in what tells pull requests.
    """
    commits = Commit.objects.filter(repository__component_id=task.component_id).exclude(task_links__task=task)
    for word in text.split()[:8]:
        if word.startswith("#") and word[1:].isdecimal():
            whole = rf"[#!]{word[1:]}(\D|$)"
            commits = commits.filter(Q(subject__regex=whole) | Q(body__regex=whole))
        else:
            spoken = Q(subject__icontains=word) | Q(body__icontains=word) | Q(author__icontains=word)
            commits = commits.filter(Q(sha__startswith=word.lower()) | spoken)
    return list(commits.select_related("repository").order_by("-committed_at", "-pk")[:20])


def suspect_links(actor: Actor, *, component: str = "", task: str = "") -> QuerySet[TaskCommit]:
    """Give the links in doubt of the visible tasks, with both ends; narrowed to a component (slug), a task (key)."""
    found = (
        TaskCommit.objects.exclude(suspect="")
        .filter(task__in=Task.objects.visible_to(actor))
        .select_related("task__component", "commit__repository")
    )
    if component:
        found = found.filter(task__component__slug=component)
    return found.filter(task=pk_of(task) or 0) if task else found

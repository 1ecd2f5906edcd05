"""The next release of a component: what is ready, what waits, and what a release cut now would hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from django.conf import settings

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Component
from frontline_feedback.models import Ticket
from releases.contents import newest_first
from releases.models import Commit, Relation, Repository
from releases.unreleased import Unreleased, unreleased
from rnd.engineering.models import Task, TaskCommit

COMMITS_SHOWN: Final = 60
_STAGES: Final = ("done", "test", "build", "design", "queue")


@dataclass(frozen=True, slots=True)
class Coming:
    """A task with new commits, and the visible tickets that it helps."""

    task: Task
    tickets: list[Ticket]
    taken_back: bool


@dataclass(frozen=True, slots=True)
class Next:
    """One repository's part: `ready` is done, `waits` is in test, `unfinished` has commits in and is not that far."""

    found: Unreleased
    ready: list[Coming] = field(default_factory=list)
    waits: list[Coming] = field(default_factory=list)
    unfinished: list[Coming] = field(default_factory=list)
    commits: list[Commit] = field(default_factory=list)
    may_push: bool = False

    @property
    def commits_count(self) -> int:
        """How many commits would be new."""
        return len(self.found.commit_ids)


def next_releases(actor: Actor, component: Component) -> list[Next]:
    """Give the next release of each visible repository of the component. Some ten queries each."""
    repositories = Repository.objects.visible_to(actor).filter(component=component).select_related("component")
    found = [unreleased(repository) for repository in repositories.order_by("name")]
    return [_next(actor, one) for one in found if one is not None]


def _next(actor: Actor, found: Unreleased) -> Next:
    links = TaskCommit.objects.filter(commit__in=found.commit_ids)
    tasks = Task.objects.visible_to(actor).filter(pk__in=links.values("task")).select_related("assignee")
    tickets: dict[int, list[Ticket]] = {}
    seen = Ticket.objects.visible_to(actor).filter(task_links__task__in=tasks).order_by("severity", "pk")
    for ticket in seen.distinct().prefetch_related("task_links"):
        for link in ticket.task_links.all():
            tickets.setdefault(link.task_id, []).append(ticket)
    taken = Relation.objects.counting().filter(
        commit__in=found.commit_ids, other__in=found.commit_ids, kind=Relation.Kind.REVERTS
    )
    undone = set(links.filter(commit__in=taken.values("other")).values_list("task_id", flat=True))
    result = Next(
        found,
        commits=list(newest_first(Commit.objects.filter(pk__in=found.commit_ids))[:COMMITS_SHOWN]),
        may_push=settings.FIELDLOOP_GIT_PUSH
        and actor.may("release.cut", programme_id=found.repository.component.programme_id),
    )
    for task in sorted(tasks, key=lambda task: (_place(task), task.pk)):
        coming = Coming(task, tickets.get(task.pk, []), task.pk in undone)
        place = {"done": result.ready, "test": result.waits}.get(task.stage, result.unfinished)
        if task.stage != Task.Stage.CANCELLED:
            place.append(coming)
    return result


def _place(task: Task) -> int:
    return _STAGES.index(task.stage) if task.stage in _STAGES else len(_STAGES)

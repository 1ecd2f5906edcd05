"""Which releases hold a ticket's fix: by the ancestry of its tasks' commits, never by version or date."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from frontline_feedback.models import Ticket
from releases.models import Commit, Release
from releases.queries import first_release_of, is_in
from rnd.engineering.models import Task, TaskCommit, TaskTicket


@dataclass(frozen=True, slots=True)
class Work:
    """A task that serves a ticket, and the commits that carry it."""

    task: Task
    commits: tuple[Commit, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a release holds a ticket's fix, and why, in a sentence of the reader's language."""

    holds: bool
    reason: str


def work_on(ticket: Ticket) -> list[Work]:
    """Give the tasks that serve `ticket`, and for a duplicate those of the ticket it was merged into as well.

    Cancelled tasks are left out. Two queries.
    """
    served = [pk for pk in (ticket.pk, ticket.canonical_id) if pk is not None]
    tasks = list(
        Task.objects.filter(pk__in=TaskTicket.objects.filter(ticket__in=served).values("task"))
        .exclude(stage=Task.Stage.CANCELLED)
        .select_related("component")
        .order_by("pk")
    )
    commits: dict[int, list[Commit]] = defaultdict(list)
    links = TaskCommit.objects.filter(task__in=tasks).select_related("commit").order_by("commit_id")
    for link in links:
        commits[link.task_id].append(link.commit)
    return [Work(task, tuple(commits[task.pk])) for task in tasks]


def fix_in(ticket: Ticket, release: Release) -> Answer:
    """Say whether `release` holds the fix for `ticket`. Ancestry decides; what git cannot show is a no."""
    work = work_on(ticket)
    if not work:
        return Answer(False, _("No task is linked to %(key)s: nothing was done about it yet.") % {"key": ticket.key})
    here = [item for item in work if item.task.component_id == release.component_id]
    if not here:
        return Answer(
            False,
            _("The fix is made in %(there)s, and %(version)s is a release of %(here)s.")
            % {
                "there": ", ".join(sorted({item.task.component.name for item in work})),
                "version": release.version,
                "here": release.component.name,
            },
        )
    for item in here:
        if item.task.is_open:
            return Answer(
                False,
                _("%(task)s is not done: it is in “%(stage)s”.")
                % {"task": item.task.key, "stage": item.task.get_stage_display()},
            )
    for item in here:
        if not item.commits:
            return Answer(
                False,
                _("%(task)s is done, but no commit is linked to it, so git cannot show where it went.")
                % {"task": item.task.key},
            )
    held = is_in(release, [commit for item in here for commit in item.commits])
    for item in here:
        for commit in item.commits:
            if not held[commit.pk]:
                return Answer(False, _missing(item.task, commit, release))
    count = len(held)
    return Answer(
        True,
        ngettext(
            "The %(count)s commit of %(tasks)s is in %(version)s.",
            "All %(count)s commits of %(tasks)s are in %(version)s.",
            count,
        )
        % {"count": count, "tasks": ", ".join(item.task.key for item in here), "version": release.version},
    )


def _missing(task: Task, commit: Commit, release: Release) -> str:
    first = first_release_of(commit)
    values = {"task": task.key, "sha": commit.sha[:10], "version": release.version, "first": first and first.version}
    if first is None:
        return _("Commit %(sha)s of %(task)s is not in %(version)s; it is in no release yet.") % values
    return _("Commit %(sha)s of %(task)s is not in %(version)s; %(first)s is the first release with it.") % values

"""Which releases hold a ticket's fix: by the ancestry of its tasks' commits, never by version or date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.kit.asking import Row, objects_of, rows_of
from frontline_feedback.models import Ticket
from releases.builds import Build
from releases.contents import releases_that_follow
from releases.corrections import Held, held_at
from releases.models import Commit, Release, Repository
from releases.parts import parts_of
from releases.queries import corrections_in, first_release_of, is_in, releases_holding
from rnd.engineering.models import Task, TaskCommit, TaskTicket
from rnd.loop.models import Statement


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


def works_on(tickets: Iterable[Ticket]) -> dict[int, list[Work]]:
    """Give, for each ticket id, the tasks that serve it, and for a duplicate those of the one it was merged into too.

    Cancelled tasks are left out. Three queries for any number of tickets.
    """
    served = {ticket.pk: [pk for pk in (ticket.pk, ticket.canonical_id) if pk is not None] for ticket in tickets}
    tasks_of: dict[int, set[int]] = defaultdict(set)
    for ticket_id, task_id in rows_of(_links, key={pk for pks in served.values() for pk in pks}):
        tasks_of[ticket_id].add(task_id)
    tasks = {task.pk: task for task in objects_of(_tasks, key={pk for pks in tasks_of.values() for pk in pks})}
    commits: dict[int, list[Commit]] = defaultdict(list)
    for link in objects_of(_carriers, key=tasks.keys()):
        commits[link.task_id].append(link.commit)
    return {
        ticket_id: [
            Work(tasks[pk], tuple(commits[pk]))
            for pk in sorted({pk for one in pks for pk in tasks_of[one]})
            if pk in tasks
        ]
        for ticket_id, pks in served.items()
    }


def _links(tickets: Collection[int]) -> QuerySet[TaskTicket, Row]:
    return TaskTicket.objects.filter(ticket__in=tickets).values_list("ticket_id", "task_id")


def _tasks(pks: Collection[int]) -> QuerySet[Task]:
    return Task.objects.filter(pk__in=pks).exclude(stage=Task.Stage.CANCELLED).select_related("component")


def _carriers(tasks: Collection[int]) -> QuerySet[TaskCommit]:
    return TaskCommit.objects.filter(task__in=tasks).select_related("commit").order_by("commit_id")


def work_on(ticket: Ticket) -> list[Work]:
    """Give the tasks that serve `ticket`; see `works_on`."""
    return works_on([ticket])[ticket.pk]


Ways = dict[int, frozenset[int]]


def ways_of(works: Mapping[int, list[Work]], *, tickets: Collection[Ticket]) -> dict[int, Ways]:
    """Give, for each ticket id, component id → the ids of the releases that hold that component's whole part.

    What a person has stated counts beside git's answer, for the release and all that descend from it. A component
    of which git can show nothing, and of which nobody has said anything, is left out. Six queries at most.
    """
    commits = {commit.pk for work in works.values() for item in work for commit in item.commits}
    held = releases_holding(commits) if commits else {}
    stated = _stated(tickets)
    found: dict[int, Ways] = {}
    for ticket in tickets:
        ways: Ways = {}
        for item in works[ticket.pk]:
            for commit in item.commits:
                before = ways.get(item.task.component_id, held[commit.pk])
                ways[item.task.component_id] = before & held[commit.pk]
        for component, releases in stated.get(ticket.pk, {}).items():
            ways[component] = ways.get(component, frozenset()) | releases
        found[ticket.pk] = ways
    return found


def _stated(tickets: Collection[Ticket]) -> dict[int, Ways]:
    """Give what persons have said in each ticket's present pass (and of the one it was merged into)."""
    asked: dict[int, list[Ticket]] = defaultdict(list)
    for ticket in tickets:
        for pk in (ticket.pk, ticket.canonical_id):
            if pk is not None:
                asked[pk].append(ticket)
    statements = rows_of(_statements, key=asked.keys())
    following = releases_that_follow({release for _ticket, release, _component in statements}) if statements else {}
    found: dict[int, Ways] = {}
    for ticket_id, release, component in statements:
        for ticket in asked[ticket_id]:
            ways = found.setdefault(ticket.pk, {})
            ways[component] = ways.get(component, frozenset()) | following[release]
    return found


def _statements(tickets: Collection[int]) -> QuerySet[Statement, Row]:
    # What was said in an earlier pass was found wanting.
    said = Statement.objects.filter(ticket__in=tickets, pass_number__gte=F("ticket__pass_number"))
    return said.values_list("ticket_id", "release_id", "release__component_id")


def fix_in(ticket: Ticket, release: Release) -> Answer:
    """Say whether `release` holds the fix for `ticket`. Ancestry decides; what git cannot show is a no."""
    work = work_on(ticket)
    stated = _stated([ticket]).get(ticket.pk, {}).get(release.component_id, frozenset())
    if release.pk in stated:
        return Answer(True, _said(ticket, release))
    here, refusal = _checked(ticket, work, component_id=release.component_id, component=release.component.name)
    if refusal:
        return Answer(False, refusal)
    commits = [commit for item in here for commit in item.commits]
    held = is_in(release, commits)
    missing = [commit for commit in commits if not held[commit.pk]]
    if missing:
        if elsewhere := _not_built_from(release, missing):
            return Answer(False, elsewhere)
        corrections = corrections_in(release, missing)
        taken = corrections.get(missing[0].pk)
        return Answer(
            False, _missing(_task_of(here, missing[0]), missing[0], release.version, taken.by if taken else None)
        )
    brought = next((c.by for c in corrections_in(release, commits).values() if c.holds and c.by), None)
    return Answer(True, _all_in(here, release.version, brought))


def fix_in_build(ticket: Ticket, build: Build) -> Answer:
    """Say whether a build holds the fix: a release, or any commit (then the whole graph is read)."""
    if build.release is not None:
        return fix_in(ticket, build.release)
    here, refusal = _checked(ticket, work_on(ticket), component_id=build.component.pk, component=build.component.name)
    if refusal:
        return Answer(False, refusal)
    commits = [commit for item in here for commit in item.commits]
    held: dict[int, Held] = held_at(build.component.pk, build.sha, commits)
    for commit in commits:
        if not held[commit.pk].holds:
            by = held[commit.pk].by if held[commit.pk].inside else None
            return Answer(False, _missing(_task_of(here, commit), commit, build.sha[:10], by))
    brought = next((h.by for h in held.values() if not h.inside and h.by), None)
    return Answer(True, _all_in(here, build.sha[:10], brought))


def _checked(ticket: Ticket, work: list[Work], *, component_id: int, component: str) -> tuple[list[Work], str]:
    """Give the work in the component; or why git cannot say yes at all."""
    if not work:
        return [], _("No task is linked to %(key)s: nothing was done about it yet.") % {"key": ticket.key}
    here = [item for item in work if item.task.component_id == component_id]
    if not here:
        there = ", ".join(sorted({item.task.component.name for item in work}))
        return [], _("The fix is made in %(there)s, and this is a build of %(here)s.") % {
            "there": there,
            "here": component,
        }
    for item in here:
        if item.task.is_open:
            return [], _("%(task)s is not done: it is in “%(stage)s”.") % {
                "task": item.task.key,
                "stage": item.task.get_stage_display(),
            }
    for item in here:
        if not item.commits:
            return [], _("%(task)s is done, but no commit is linked to it, so git cannot show where it went.") % {
                "task": item.task.key
            }
    return here, ""


def _not_built_from(release: Release, missing: list[Commit]) -> str:
    """Say that the release has no commit at all of the repository in which the work was done; "" where it has."""
    known = {part.repository_id for part in parts_of(release)}
    commit = next((commit for commit in missing if commit.repository_id not in known), None)
    # What came from a fork since is known here by the same hash.
    if commit is None or Commit.objects.filter(sha=commit.sha, repository__in=known).exists():
        return ""
    return _("Commit %(sha)s is in %(repository)s, and %(version)s holds nothing of that repository.") % {
        "sha": commit.sha[:10],
        "repository": Repository.objects.values_list("name", flat=True).get(pk=commit.repository_id),
        "version": release.version,
    }


def _task_of(work: list[Work], commit: Commit) -> Task:
    return next(item.task for item in work if commit in item.commits)


def _all_in(here: list[Work], name: str, brought: Commit | None) -> str:
    count = len({commit.pk for item in here for commit in item.commits})
    text = ngettext(
        "The %(count)s commit of %(tasks)s is in %(version)s.",
        "All %(count)s commits of %(tasks)s are in %(version)s.",
        count,
    ) % {"count": count, "tasks": ", ".join(item.task.key for item in here), "version": name}
    if brought is not None:
        text += " " + _("It came there as %(sha)s (“%(subject)s”).") % {
            "sha": brought.sha[:10],
            "subject": brought.subject,
        }
    return text


def _said(ticket: Ticket, release: Release) -> str:
    statement = (
        Statement.objects.filter(ticket__in=[ticket.pk, ticket.canonical_id or 0], release__component=release.component)
        .select_related("release", "said_by")
        .latest("said_at")
    )
    who = statement.said_by.display_name if statement.said_by else _("the house")
    return _("%(who)s says that %(version)s holds the fix: %(note)s") % {
        "who": who,
        "version": statement.release.version,
        "note": statement.note,
    }


def _missing(task: Task, commit: Commit, name: str, taken_back_by: Commit | None) -> str:
    values: dict[str, object] = {"task": task.key, "sha": commit.sha[:10], "version": name}
    if taken_back_by is not None:
        values |= {"revert": taken_back_by.sha[:10], "subject": taken_back_by.subject}
        return (
            _("Commit %(sha)s of %(task)s is in %(version)s, but %(revert)s took it back there (“%(subject)s”).")
            % values
        )
    first = first_release_of(commit)
    if first is None:
        return _("Commit %(sha)s of %(task)s is not in %(version)s; it is in no release yet.") % values
    values["first"] = first.version
    return _("Commit %(sha)s of %(task)s is not in %(version)s; %(first)s is the first release with it.") % values

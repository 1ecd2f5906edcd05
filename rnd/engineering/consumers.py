"""What engineering does when the journal says so: commits find their tasks and start them; links come into doubt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from foundation.accounts.actors import SYSTEM, Actor
from foundation.journal.consumers import consumer
from foundation.journal.models import Entry
from releases.git.trailers import Link
from releases.models import Commit, Fetch
from rnd.engineering.actions import link_commit, move_task
from rnd.engineering.actions.suspect_links import suspect_links as note_doubts
from rnd.engineering.doubts import dropped, reverted
from rnd.engineering.models import Task, TaskCommit, TaskPullRequest
from rnd.engineering.naming import Source, as_links, read_commits, sources_of

_BEFORE_BUILD = (Task.Stage.QUEUE, Task.Stage.DESIGN)
_CLOSED = (Task.Stage.DONE, Task.Stage.CANCELLED)


@dataclass(frozen=True, slots=True)
class Named:
    """A commit that belongs to a task: how surely, and whether it only takes something back."""

    commit: Commit
    task: Task
    strength: str
    takes_back: bool


@consumer("engineering.link_commits", kinds=["repository.fetched"])
def link_commits(entry: Entry) -> None:
    """Link the commits of a fetch to their tasks, and move what a first new commit starts to build.

    Imported history is linked and moves nothing; nor does a commit that only takes something back.
    """
    fetch = Fetch.objects.select_related("repository").get(pk=entry.data["fetch_id"])
    git = Actor(kind="system", id=None, name=f"git: {fetch.repository.name}")
    found = _named(fetch)
    started = set(
        TaskCommit.objects.filter(task__in={named.task.pk for named in found}).values_list("task_id", flat=True)
    )
    for named in found:
        link_commit(actor=git, task=named.task, commit=named.commit, strength=named.strength)
        if named.task.pk not in started and not fetch.imported and not named.takes_back:
            _start(git, named.task, named.commit)
        started.add(named.task.pk)


def _start(git: Actor, task: Task, commit: Commit) -> None:
    task.refresh_from_db()
    if task.stage in _BEFORE_BUILD:
        # Git's clock may be off, or the work was done before the task was opened.
        occurred = max(commit.committed_at, task.stage_since)
        move_task(actor=git, task=task, stage=Task.Stage.BUILD, cause="commit", occurred_at=occurred)


def _named(fetch: Fetch) -> list[Named]:
    """Give the tasks of the fetch's commits, oldest commit first: by message, by branch, by pull request."""
    told = read_commits(fetch)
    sources = sources_of(fetch, told)
    said = {commit.pk: commit.links for commit in told if commit.links}
    links = {pk: as_links(source) for pk, source in sources.items()}
    by_key = _tasks_by_key(
        fetch.repository.component_id, [link for found in (*said.values(), *links.values()) for link in found]
    )
    by_number = _tasks_by_number(fetch, sources)
    ways: dict[int, dict[int, _Way]] = {}
    for pk in said.keys() | sources.keys():
        numbers = sources[pk].numbers if pk in sources else ()
        pulled = {task.pk: _Way(task, TaskCommit.Strength.PULL) for n in numbers for task in by_number.get(n, [])}
        named = {
            task.pk: _Way(task, link.strength.word, link.verb == "reverts")
            for link in sorted(said.get(pk, ()), key=lambda link: link.strength)
            for task in by_key.get(link.key, [])
        }
        branched = {
            task.pk: _Way(task, TaskCommit.Strength.BRANCH)
            for link in links.get(pk, ())
            for task in by_key.get(link.key, [])
            if task.pk not in named or named[task.pk].strength == TaskCommit.Strength.MENTION
        }
        if found := pulled | named | branched:
            ways[pk] = found
    commits = Commit.objects.filter(pk__in=ways).select_related("repository__component")
    return [
        Named(commit, way.task, way.strength, way.takes_back)
        for commit in commits.order_by("committed_at", "pk")
        for way in ways[commit.pk].values()
    ]


@dataclass(frozen=True, slots=True)
class _Way:
    task: Task
    strength: str
    takes_back: bool = False


def _tasks_by_number(fetch: Fetch, sources: dict[int, Source]) -> dict[int, list[Task]]:
    """Give the tasks that are worked on in each pull request that the commits tell."""
    numbers = {number for source in sources.values() for number in source.numbers}
    found: dict[int, list[Task]] = defaultdict(list)
    rows = TaskPullRequest.objects.filter(repository=fetch.repository_id, number__in=numbers)
    for row in rows.select_related("task"):
        found[row.number].append(row.task)
    return found


def _tasks_by_key(component_id: int, found: Iterable[Link]) -> dict[str, list[Task]]:
    """Give the tasks that each key stands for: itself, or (for a ticket's key) the open tasks that serve it."""
    numbers = defaultdict(set)
    for link in found:
        numbers[link.prefix].add(link.number)
    tasks = Task.objects.filter(component_id=component_id)
    by_key: dict[str, list[Task]] = defaultdict(list)
    for task in tasks.filter(pk__in=numbers["ENG"]):
        by_key[task.key].append(task)
    serving = tasks.open().filter(ticket_links__ticket_id__in=numbers["FB"]).distinct()
    for task in serving.prefetch_related("ticket_links"):
        for link_row in task.ticket_links.all():
            by_key[f"FB-{link_row.ticket_id}"].append(task)
    return by_key


@consumer("engineering.doubt_links", kinds=["repository.fetched", "task.moved", "ticket.reopened"])
def doubt_links(entry: Entry) -> None:
    """Mark the links of which one end has changed: a commit dropped or taken back, a task taken up again."""
    match entry.kind:
        case "repository.fetched":
            fetch = Fetch.objects.select_related("repository").get(pk=entry.data["fetch_id"])
            note_doubts(actor=SYSTEM, links=dropped(fetch), reason=TaskCommit.Suspect.DROPPED)
            note_doubts(actor=SYSTEM, links=reverted(fetch), reason=TaskCommit.Suspect.REVERTED)
        case "task.moved":
            again = entry.data["from_stage"] in _CLOSED and entry.data["to_stage"] not in _CLOSED
            links = TaskCommit.objects.filter(task=entry.subject_id, linked_at__lte=entry.recorded_at)
            if again:
                note_doubts(actor=SYSTEM, links=links.values_list("pk", flat=True), reason=TaskCommit.Suspect.REOPENED)
        case _:
            links = TaskCommit.objects.filter(
                task__ticket_links__ticket=entry.subject_id, linked_at__lte=entry.recorded_at
            )
            note_doubts(actor=SYSTEM, links=links.values_list("pk", flat=True), reason=TaskCommit.Suspect.REOPENED)

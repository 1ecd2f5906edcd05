"""What engineering does when the journal says so: commits find their tasks, and start them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from foundation.accounts.actors import Actor
from foundation.journal.consumers import consumer
from foundation.journal.models import Entry
from releases.git.trailers import Link, read_message
from releases.models import Commit, Fetch
from rnd.engineering.actions import link_commit, move_task
from rnd.engineering.models import Task, TaskCommit

_BEFORE_BUILD = (Task.Stage.QUEUE, Task.Stage.DESIGN)


@dataclass(frozen=True, slots=True)
class Named:
    """A commit that names tasks: how surely each, and whether it only takes something back."""

    commit: Commit
    tasks: dict[int, tuple[Task, Link]]


@consumer("engineering.link_commits", kinds=["repository.fetched"])
def link_commits(entry: Entry) -> None:
    """Link the commits of a fetch to the tasks they name, and move what a first new commit starts to build.

    Imported history is linked and moves nothing; nor does a commit that only takes something back.
    """
    fetch = Fetch.objects.select_related("repository").get(pk=entry.data["fetch_id"])
    git = Actor(kind="system", id=None, name=f"git: {fetch.repository.name}")
    for named in _named(fetch):
        for task, link in named.tasks.values():
            first = not TaskCommit.objects.filter(task=task).exists()
            link_commit(actor=git, task=task, commit=named.commit, strength=link.strength.word)
            if first and not fetch.imported and link.verb != "reverts":
                _start(git, task, named.commit)


def _start(git: Actor, task: Task, commit: Commit) -> None:
    task.refresh_from_db()
    if task.stage in _BEFORE_BUILD:
        # Git's clock may be off, or the work was done before the task was opened.
        occurred = max(commit.committed_at, task.stage_since)
        move_task(actor=git, task=task, stage=Task.Stage.BUILD, cause="commit", occurred_at=occurred)


def _named(fetch: Fetch) -> list[Named]:
    """Give the fetch's commits that name tasks or tickets of their component, oldest first."""
    read: list[tuple[Commit, tuple[Link, ...]]] = []
    commits = Commit.objects.filter(fetch=fetch).select_related("repository__component")
    for commit in commits.order_by("committed_at", "pk").iterator(chunk_size=2000):
        found = read_message(f"{commit.subject}\n\n{commit.body}").links
        if found:
            read.append((commit, found))
    by_key = _tasks_by_key(fetch.repository.component_id, [link for _commit, found in read for link in found])
    result = []
    for commit, found in read:
        tasks: dict[int, tuple[Task, Link]] = {}
        for link in sorted(found, key=lambda link: link.strength):
            for task in by_key.get(link.key, []):
                tasks[task.pk] = (task, link)
        if tasks:
            result.append(Named(commit, tasks))
    return result


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

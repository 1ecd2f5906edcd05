"""Take back that a commit belongs to a task."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.journal import record
from releases.models import Commit
from rnd.engineering.kinds import TaskCommitUnlinked
from rnd.engineering.locking import locked
from rnd.engineering.models import Task, TaskCommit


@transaction.atomic
def unlink_commit(*, actor: Actor, task: Task, commit: Commit) -> None:
    """Unlink `commit` from `task`; where it is not linked, nothing changes."""
    task = locked(task)
    actor.require("task.link", programme_id=task.programme_id)
    deleted, _models = TaskCommit.objects.filter(task=task, commit=commit).delete()
    if deleted:
        record(
            TaskCommitUnlinked(commit_id=commit.pk, sha=commit.sha),
            subject=task,
            actor=actor,
            team_id=task.team_id,
        )

"""Say that a link which was doubted still holds."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.journal import record
from releases.models import Commit
from rnd.engineering.kinds import TaskCommitConfirmed
from rnd.engineering.locking import locked
from rnd.engineering.models import Task, TaskCommit


@transaction.atomic
def confirm_commit(*, actor: Actor, task: Task, commit: Commit) -> None:
    """Take the doubt from the link; where there is none, nothing changes."""
    task = locked(task)
    actor.require("task.link", programme_id=task.programme_id)
    doubted = TaskCommit.objects.filter(task=task, commit=commit).exclude(suspect="")
    if doubted.update(suspect="", suspect_at=None):
        record(
            TaskCommitConfirmed(commit_id=commit.pk, sha=commit.sha), subject=task, actor=actor, team_id=task.team_id
        )

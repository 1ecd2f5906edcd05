"""Say that a task is worked on in a pull request."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Invalid
from releases.models import Repository
from rnd.engineering.actions.link_commit import link_commit
from rnd.engineering.kinds import TaskPullRequestLinked
from rnd.engineering.locking import locked
from rnd.engineering.models import Task, TaskCommit, TaskPullRequest
from rnd.engineering.naming import commits_of_pull_request

MOST = 500


@transaction.atomic
def link_pull_request(*, actor: Actor, task: Task, repository: Repository, number: int) -> TaskPullRequest:
    """Link the pull request, and the commits that tell its number: those here now, and those that will come.

    Raises Invalid `task.other_component` for a repository of another component.
    """
    task = locked(task)
    actor.require("task.link", programme_id=task.programme_id)
    if repository.component_id != task.component_id:
        raise Invalid(
            "task.other_component",
            _("%(repository)s belongs to %(there)s, and %(key)s to %(here)s. Open a task there for it.")
            % {"repository": repository, "there": repository.component, "key": task.key, "here": task.component},
            field="repository",
        )
    link, created = TaskPullRequest.objects.get_or_create(
        task=task, repository=repository, number=number, defaults={"linked_at": clock.now()}
    )
    if created:
        record(
            TaskPullRequestLinked(repository_id=repository.pk, number=number),
            subject=task,
            actor=actor,
            team_id=task.team_id,
        )
        for commit in commits_of_pull_request(repository, number)[:MOST]:
            link_commit(actor=actor, task=task, commit=commit, strength=TaskCommit.Strength.PULL)
    return link

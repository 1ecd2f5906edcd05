"""Say that a commit belongs to a task."""

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Invalid
from releases.models import Commit
from rnd.engineering.kinds import TaskCommitLinked
from rnd.engineering.locking import locked
from rnd.engineering.models import Task, TaskCommit


@transaction.atomic
def link_commit(*, actor: Actor, task: Task, commit: Commit, strength: str = TaskCommit.Strength.MANUAL) -> TaskCommit:
    """Link `commit` to `task`; linking again only ever makes the link stronger.

    Raises Invalid `task.other_component` for a commit of another component's repository.
    """
    task = locked(task)
    actor.require("task.link", programme_id=task.programme_id)
    if commit.repository.component_id != task.component_id:
        raise Invalid(
            "task.other_component",
            _("Commit %(sha)s belongs to %(there)s, and %(key)s to %(here)s. Open a task there for it.")
            % {
                "sha": commit.sha[:10],
                "there": commit.repository.component,
                "key": task.key,
                "here": task.component,
            },
            field="commit",
        )
    link, created = TaskCommit.objects.get_or_create(
        task=task, commit=commit, defaults={"strength": strength, "linked_at": clock.now()}
    )
    if not created and _ORDER.index(strength) <= _ORDER.index(link.strength):
        return link
    if not created:
        link.strength = strength
        link.save(update_fields=["strength"])
    record(
        TaskCommitLinked.model_validate({"commit_id": commit.pk, "sha": commit.sha, "strength": strength}),
        subject=task,
        actor=actor,
        team_id=task.team_id,
    )
    return link


# From weakest to strongest: what a person says outweighs what a message says.
_ORDER: Final[tuple[str, ...]] = (
    TaskCommit.Strength.MENTION,
    TaskCommit.Strength.PULL,
    TaskCommit.Strength.BRANCH,
    TaskCommit.Strength.MEDIUM,
    TaskCommit.Strength.STRONG,
    TaskCommit.Strength.MANUAL,
)

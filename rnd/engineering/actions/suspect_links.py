"""Note that one end of some links has changed."""

from collections.abc import Iterable

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from rnd.engineering.kinds import TaskCommitSuspected
from rnd.engineering.models import TaskCommit


@transaction.atomic
def suspect_links(*, actor: Actor, links: Iterable[int], reason: str) -> int:
    """Mark the links (by id) as doubtful, and say why in each task's journal; gives how many were not before."""
    actor.require("task.link")
    found = TaskCommit.objects.select_for_update(of=("self",)).filter(pk__in=list(links), suspect="")
    changed = list(found.select_related("task", "commit").order_by("pk"))
    for link in changed:
        link.suspect, link.suspect_at = reason, clock.now()
        record(
            TaskCommitSuspected.model_validate({"commit_id": link.commit_id, "sha": link.commit.sha, "reason": reason}),
            subject=link.task,
            actor=actor,
            team_id=link.task.team_id,
        )
    TaskCommit.objects.bulk_update(changed, ["suspect", "suspect_at"], batch_size=500)
    return len(changed)

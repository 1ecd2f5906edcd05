"""Ask for a fetch as soon as a worker is free."""

from celery import current_app
from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.kit import clock
from releases.locking import locked_repository
from releases.models import Repository


@transaction.atomic
def request_fetch(*, actor: Actor, repository: Repository) -> Repository:
    """Make the repository due now, and wake a worker; without a broker the next poll finds it."""
    repository = locked_repository(repository)
    actor.require("repository.fetch", programme_id=repository.component.programme_id)
    repository.next_fetch_at = clock.now()
    repository.save(update_fields=["next_fetch_at"])
    # No partial: Django asks a callback that failed for its name.
    transaction.on_commit(lambda: _wake(repository.pk), robust=True)
    return repository


def _wake(repository_id: int) -> None:
    current_app.send_task("releases.fetch", (repository_id,), queue="git", retry=False)

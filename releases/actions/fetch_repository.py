"""Bring a repository up to date: mirror it, read its new commits, note its tags, draft their releases."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Unavailable
from releases.fetching import fetch_with, nothing_new
from releases.git.environment import Access
from releases.git.errors import GitError
from releases.git.mirror import fetch as fetch_mirror
from releases.git.run import Watch
from releases.kinds import RepositoryFailed
from releases.locking import locked_repository
from releases.mirrors import access_to
from releases.models import Fetch, Repository
from releases.progress import Progress

LONGEST_WAIT: Final = timedelta(hours=1)


def fetch_repository(*, actor: Actor, repository: Repository, progress: Progress | None = None) -> Fetch | None:
    """Fetch the repository now; gives the fetch, or None where there was nothing new.

    Commits come in chunks, each in a transaction of its own; refs, releases and their contents in one at the
    end, so that a fetch that is killed is carried on by the next. `progress` is told how far it is. Raises Conflict
    `repository.busy` while another process fetches it, `repository.by_bundle` where there is no origin to ask, and
    Unavailable with git's reason after noting the failure (each next try waits twice as long as the last).
    """
    actor.require("repository.fetch", programme_id=repository.component.programme_id)
    if repository.by_bundle:
        raise Conflict(
            "repository.by_bundle",
            _("%(name)s has no origin that can be asked. Bring its history as a bundle.") % {"name": repository.name},
        )

    def bring(path: Path, watch: Watch) -> Access | None:
        access = access_to(repository)
        if nothing_new(repository, path, access):
            return None
        fetch_mirror(path, access, watch=watch)
        return access

    try:
        fetch = fetch_with(bring, actor=actor, repository=repository, progress=progress)
    except GitError as error:
        _note_failure(actor, repository, error)
        raise Unavailable(error.code, _(error.template) % error.values) from error
    _note_success(repository)
    repository.refresh_from_db()
    return fetch


def _note_success(repository: Repository) -> None:
    now = clock.now()
    Repository.objects.filter(pk=repository.pk).update(
        fetched_at=now,
        next_fetch_at=now + timedelta(seconds=settings.FIELDLOOP_GIT_POLL_SECONDS),
        failures=0,
        error="",
    )


@transaction.atomic
def _note_failure(actor: Actor, repository: Repository, error: GitError) -> None:
    row = locked_repository(repository)
    wait = timedelta(seconds=settings.FIELDLOOP_GIT_POLL_SECONDS * 2 ** min(row.failures, 20))
    told = row.error == str(error)
    row.failures += 1
    row.error = str(error)
    row.next_fetch_at = clock.now() + min(wait, LONGEST_WAIT)
    row.save(update_fields=["failures", "error", "next_fetch_at"])
    if not told:
        record(RepositoryFailed(error=row.error), subject=row, actor=actor)

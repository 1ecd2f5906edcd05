"""Bring a repository up to date: mirror it, read its new commits, note its tags, draft their releases."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Unavailable
from releases.arrival import Arrival, Progress
from releases.arrivals import known_refs, ref_changes
from releases.git.errors import GitError
from releases.git.mirror import fetch as fetch_mirror
from releases.git.refs import snapshot
from releases.git.run import open_mirror
from releases.kinds import RepositoryFailed
from releases.locking import locked_repository
from releases.mirrors import access_to, mirror_path, only_one
from releases.models import Fetch, Repository

LONGEST_WAIT: Final = timedelta(hours=1)


def fetch_repository(*, actor: Actor, repository: Repository, progress: Progress | None = None) -> Fetch | None:
    """Fetch the repository now; gives the fetch, or None where there was nothing new.

    Commits come in chunks, each in a transaction of its own; refs, releases and their contents in one at the
    end, so that a fetch that is killed is carried on by the next. `progress` is told a step ("mirror",
    "commits", "releases") and a count. Raises Conflict `repository.busy` while another process fetches it, and
    Unavailable with git's reason after noting the failure (each next try waits twice as long as the last).
    """
    actor.require("repository.fetch", programme_id=repository.component.programme_id)
    with only_one(repository.pk) as free:
        if not free:
            raise Conflict("repository.busy", _("%(name)s is being fetched right now.") % {"name": repository.name})
        try:
            fetch = _fetch(actor, repository, progress or (lambda _step, _count: None))
        except GitError as error:
            _note_failure(actor, repository, error)
            raise Unavailable(error.code, _(error.template) % error.values) from error
        _note_success(repository)
    repository.refresh_from_db()
    return fetch


def _fetch(actor: Actor, repository: Repository, progress: Progress) -> Fetch | None:
    repository.refresh_from_db()
    access, path = access_to(repository), mirror_path(repository)
    progress("mirror", 0)
    fetch_mirror(path, access)
    with open_mirror(path, access) as mirror:
        refs, before = snapshot(mirror), known_refs(repository)
        found = ref_changes(mirror, before, refs)
        interrupted = Fetch.objects.filter(repository=repository, done_at=None).order_by("pk").last()
        if not found and interrupted is None and repository.imported_at is not None:
            return None
        fetch = interrupted or Fetch.objects.create(
            repository=repository, at=clock.now(), imported=repository.imported_at is None
        )
        arrival = Arrival(actor, repository, mirror, fetch, progress)
        return arrival.take_in(refs=refs, known=before.values(), found=found)


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

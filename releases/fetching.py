"""What fetching from an origin and taking in a bundle have in common: one at a time, told, and carried on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.kit import clock
from foundation.kit.errors import Conflict
from releases.arrival import Arrival
from releases.arrivals import known_refs, new_tips, ref_changes
from releases.companions import joining
from releases.git.environment import Access
from releases.git.mirror import ensure_mirror, is_whole, origin_refs
from releases.git.refs import snapshot
from releases.git.run import Watch, open_mirror
from releases.mirrors import mirror_path, only_one
from releases.models import Fetch, Repository
from releases.progress import Noted, Progress

# Brings the mirror at the path up to date, and gives how its origin is reached; None where there is nothing new.
Bring = Callable[[Path, Watch], Access | None]


def fetch_with(bring: Bring, *, actor: Actor, repository: Repository, progress: Progress | None) -> Fetch | None:
    """Bring the mirror up to date and take in what is new; gives None where nothing was.

    Raises Conflict `repository.busy` while another process does, and GitError.
    """
    with only_one(repository.pk) as free:
        if not free:
            raise Conflict("repository.busy", _("%(name)s is being fetched right now.") % {"name": repository.name})
        noted = Noted(repository, progress)
        try:
            return _fetch(bring, actor, repository, noted)
        finally:
            noted.over()


def nothing_new(repository: Repository, path: Path, access: Access) -> bool:
    """Tell whether the origin has just what was taken in at the last fetch: one process that brings nothing.

    False as well where there is something else to do: a mirror to make, a fetch to carry on, tags that are read anew.
    """
    interrupted = Fetch.objects.filter(repository=repository, done_at=None)
    if repository.imported_at is None or not is_whole(path) or interrupted.exists():
        return False
    ensure_mirror(path, access)
    with open_mirror(path, access) as mirror:
        refs = origin_refs(mirror)
        if {name: ref.target for name, ref in refs.items()} != known_refs(repository):
            return False
        return not (new_tips(repository, refs) or joining(repository, mirror, refs))


def _fetch(bring: Bring, actor: Actor, repository: Repository, progress: Progress) -> Fetch | None:
    repository.refresh_from_db()
    path = mirror_path(repository)
    progress("mirror", 0)
    access = bring(path, lambda size: progress("mirror", size))
    if access is None:
        return None
    with open_mirror(path, access) as mirror:
        refs, before = snapshot(mirror), known_refs(repository)
        found = ref_changes(mirror, before, refs)
        interrupted = Fetch.objects.filter(repository=repository, done_at=None).order_by("pk").last()
        tips, joins = new_tips(repository, refs), joining(repository, mirror, refs)
        if repository.imported_at is not None and not (found or interrupted or tips or joins):
            return None
        fetch = interrupted or Fetch.objects.create(
            repository=repository, at=clock.now(), imported=repository.imported_at is None
        )
        arrival = Arrival(actor, repository, mirror, fetch, progress)
        return arrival.take_in(refs=refs, known=before.values(), found=found, tips=tips, joins=joins)

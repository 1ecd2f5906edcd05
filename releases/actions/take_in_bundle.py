"""Take a bundle in: checked by git, brought into the mirror, read like any fetch."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.kit import clock
from foundation.kit.errors import Invalid
from releases.fetching import fetch_with
from releases.git.bundle import fetch_bundle
from releases.git.environment import Access
from releases.git.errors import GitError
from releases.git.run import Watch
from releases.mirrors import mirror_access, mirror_path
from releases.models import Fetch, HistoryBundle, Repository
from releases.progress import Progress


def take_in_bundle(*, actor: Actor, bundle: HistoryBundle, progress: Progress | None = None) -> Fetch | None:
    """Take in what waits; gives the fetch, or None where the bundle held nothing new. One taken in before is left.

    Raises Conflict while the repository is being fetched, and Invalid with git's reason, which is also kept on the row.
    """
    bundle = HistoryBundle.objects.select_related("repository__component").get(pk=bundle.pk)
    repository = bundle.repository
    actor.require("repository.bring_bundle", programme_id=repository.component.programme_id)
    if bundle.state != HistoryBundle.State.WAITING:
        return None
    folder = mirror_path(repository).parent
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".arriving-", suffix=".bundle") as local:
        with default_storage.open(bundle.stored, "rb") as stored:
            shutil.copyfileobj(stored, local, 1 << 20)
        local.flush()

        def bring(path: Path, watch: Watch) -> Access:
            return fetch_bundle(path, Path(local.name), mirror_access(), watch=watch)

        try:
            fetch = fetch_with(bring, actor=actor, repository=repository, progress=progress)
        except GitError as error:
            sentence = _(error.template) % error.values
            _close(bundle, HistoryBundle.State.REFUSED, str(error))
            raise Invalid("repository.bundle_refused", sentence, field="file") from error
    _close(bundle, HistoryBundle.State.TAKEN, "")
    return fetch


@transaction.atomic
def _close(bundle: HistoryBundle, state: HistoryBundle.State, error: str) -> None:
    stored = bundle.stored
    HistoryBundle.objects.filter(pk=bundle.pk).update(state=state, error=error, stored="")
    if state == HistoryBundle.State.TAKEN:
        Repository.objects.filter(pk=bundle.repository_id).update(fetched_at=clock.now())
    transaction.on_commit(lambda: default_storage.delete(stored), robust=True)

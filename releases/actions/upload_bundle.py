"""Keep a bundle that somebody brought until a git worker takes it in."""

from __future__ import annotations

import hashlib
from typing import Final

from celery import current_app
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Invalid
from releases.kinds import BundleUploaded
from releases.locking import locked_repository
from releases.models import HistoryBundle, Repository

PIECE: Final = 1 << 20
_BEGINNING: Final = b"git bundle\n"


def upload_bundle(*, actor: Actor, repository: Repository, file: File[bytes], name: str) -> HistoryBundle:
    """Store the file and wake a git worker; what git says of it is told on the row.

    Raises Invalid (`repository.bundle_refused`) for what is no bundle by its first line, or too large.
    """
    actor.require("repository.bring_bundle", programme_id=repository.component.programme_id)
    digest, size = hashlib.sha256(), 0
    for piece in file.chunks(PIECE):
        if not size and _BEGINNING not in piece[:40]:
            raise _refused(_("This is no git bundle."))
        digest.update(piece)
        size += len(piece)
        if size > settings.FIELDLOOP_GIT_MAX_BYTES:
            most = settings.FIELDLOOP_GIT_MAX_BYTES >> 20
            raise _refused(_("A bundle has at most %(size)s MB.") % {"size": most})
    if not size:
        raise _refused(_("This file is empty."))
    # The name is ours: what a person calls a file is for people.
    stored = default_storage.save(f"history-bundles/{repository.pk}-{digest.hexdigest()[:16]}.bundle", file)
    bundle = HistoryBundle(
        repository=repository,
        stored=stored,
        name=name[-200:] or "bundle",
        size=size,
        sha256=digest.hexdigest(),
        uploaded_at=clock.now(),
        uploaded_by_id=actor.user_id,
    )
    _keep(actor, bundle)
    return bundle


@transaction.atomic
def _keep(actor: Actor, bundle: HistoryBundle) -> None:
    repository = locked_repository(bundle.repository)
    bundle.save()
    record(BundleUploaded(name=bundle.name, sha256=bundle.sha256), subject=repository, actor=actor)
    transaction.on_commit(lambda: _wake(bundle.pk), robust=True)


def _wake(bundle_id: int) -> None:
    current_app.send_task("releases.take_in_bundle", (bundle_id,), queue="git", retry=False)


def _refused(message: str) -> Invalid:
    return Invalid("repository.bundle_refused", message, field="file")

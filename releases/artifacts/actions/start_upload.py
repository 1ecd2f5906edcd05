"""Begin an upload that may be carried on wherever it stops."""

from collections.abc import Collection

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.kit import clock
from releases.artifacts.intake import check_hardware, check_name, check_open, check_sha256, check_size
from releases.artifacts.models import Upload
from releases.models import Release


@transaction.atomic
def start_upload(
    *, actor: Actor, release: Release, name: str, hardware: Collection[int], size: int, sha256: str = ""
) -> Upload:
    """Give the upload that `append_upload` fills. What would be refused at its end is refused now.

    Nothing is journalled: the file is, once it is there.
    """
    actor.require("artifact.add", programme_id=release.component.programme_id)
    check_open(release)
    now = clock.now()
    return Upload.objects.create(
        release=release,
        name=check_name(name),
        size=check_size(size),
        expected_sha256=check_sha256(sha256),
        hardware_ids=[revision.pk for revision in check_hardware(release, hardware)],
        created_by_id=actor.user_id,
        created_at=now,
        touched_at=now,
    )

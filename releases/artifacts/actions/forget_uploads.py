"""Remove uploads that nobody carries on, and what a killed process left of one."""

from datetime import timedelta
from typing import Final

from foundation.kit import clock
from releases.artifacts import storage
from releases.artifacts.actions.append_upload import drop_pieces
from releases.artifacts.models import Upload

KEPT_FOR: Final = timedelta(days=7)


def forget_uploads() -> int:
    """Remove what nothing was added to for a week; give how many uploads went."""
    old = Upload.objects.filter(touched_at__lte=clock.now() - KEPT_FOR).order_by("touched_at")
    gone = 0
    for upload in old[:500]:
        drop_pieces(upload)
        if not upload.pieces.exists():
            upload.delete()
            gone += 1
    storage.drop_incoming(older_than=clock.now() - KEPT_FOR)
    return gone

"""Give an upload up, and what came in of it."""

from foundation.accounts.actors import Actor
from releases.artifacts.actions.append_upload import drop_pieces
from releases.artifacts.models import Upload


def abandon_upload(*, actor: Actor, upload: Upload) -> None:
    """Remove the upload and its pieces; an artifact that it became stays."""
    actor.require("artifact.add", programme_id=upload.release.component.programme_id)
    drop_pieces(upload)
    upload.delete()

"""Read every byte of a file again, and say whether it is still the right one."""

from django.db import transaction

from foundation.accounts.actors import Actor
from releases.artifacts.actions.mark_tampered import mark_tampered
from releases.artifacts.checking import fault_in
from releases.artifacts.intake import restore
from releases.artifacts.models import Artifact, Blob


def check_artifact(*, actor: Actor, artifact: Artifact) -> Artifact:
    """Compare every block; mark what is wrong, trust again what was put right (from a backup, say)."""
    actor.require("artifact.check", programme_id=artifact.release.component.programme_id)
    why = fault_in(artifact.blob)
    if why:
        mark_tampered(blob=artifact.blob, why=why)
    else:
        with transaction.atomic():
            blob = Blob.objects.select_for_update().get(pk=artifact.blob_id)
            if blob.tampered_at is not None:
                restore(actor, blob)
    artifact.blob.refresh_from_db()
    return artifact

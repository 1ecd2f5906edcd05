"""Refuse bytes from now on that are not those which came in, and say so on every release that holds them."""

from django.db import transaction

from foundation.accounts.actors import SYSTEM
from foundation.journal import record
from foundation.kit import clock
from releases.artifacts.kinds import ArtifactTampered
from releases.artifacts.models import Blob


@transaction.atomic
def mark_tampered(*, blob: Blob, why: str) -> Blob:
    """Mark the blob, once; it is the house itself that says so, whoever happened to ask for the file."""
    found = Blob.objects.select_for_update().get(pk=blob.pk)
    if found.tampered_at is not None:
        return found
    found.tampered_at, found.tampered_why = clock.now(), why
    found.save(update_fields=["tampered_at", "tampered_why"])
    for artifact in found.artifacts.select_related("release").order_by("pk"):
        payload = ArtifactTampered(artifact_id=artifact.pk, name=artifact.name, sha256=found.sha256, why=why)
        record(payload, subject=artifact.release, actor=SYSTEM)
    return found

"""Take a file off a release that nobody has approved yet."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Invalid
from releases.artifacts.intake import check_open, supersede
from releases.artifacts.kinds import ArtifactRemoved
from releases.artifacts.models import Artifact
from releases.locking import locked_release


@transaction.atomic
def remove_artifact(*, actor: Actor, artifact: Artifact, reason: str) -> Artifact:
    """Take the file off; its row and its bytes stay.

    Raises Conflict `artifact.release_frozen` or `artifact.removed`, Invalid `artifact.reason_missing`.
    """
    release = locked_release(artifact.release)
    actor.require("artifact.remove", programme_id=release.component.programme_id)
    check_open(release)
    artifact = Artifact.objects.select_for_update(of=("self",)).select_related("release").get(pk=artifact.pk)
    if artifact.removed_at is not None:
        raise Conflict("artifact.removed", _("%(name)s was taken off already.") % {"name": artifact.name})
    reason = reason.strip()
    if not reason:
        raise Invalid(
            "artifact.reason_missing", _("Say why %(name)s is taken off.") % {"name": artifact.name}, field="reason"
        )
    artifact.removed_at = clock.now()
    artifact.save(update_fields=["removed_at"])
    supersede(release)
    record(ArtifactRemoved(artifact_id=artifact.pk, name=artifact.name, reason=reason), subject=release, actor=actor)
    return artifact

"""What this room does when the journal says so: a release that is built from something else is sealed anew."""

from django.db import transaction

from foundation.journal.consumers import consumer
from foundation.journal.models import Entry
from releases.artifacts.contents import companions_of
from releases.artifacts.intake import supersede
from releases.artifacts.manifest import read
from releases.artifacts.queries import sealed_manifest
from releases.locking import locked_release
from releases.models import Release


@consumer("artifacts.follow_companions", kinds=["release.companion_set", "release.companion_removed"])
@transaction.atomic
def follow_companions(entry: Entry) -> None:
    """Let a manifest that names other commits than the release is built from stand no longer."""
    release = locked_release(Release.objects.get(pk=entry.subject_id))
    sealed = sealed_manifest(release)
    open_ = release.state in (Release.State.DRAFT, Release.State.CANDIDATE)
    if open_ and sealed is not None and read(bytes(sealed.content)).companions != companions_of(release):
        supersede(release)

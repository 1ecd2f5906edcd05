"""Write a release's notes anew."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit.errors import Conflict, Invalid
from releases.kinds import ReleaseNotesEdited
from releases.locking import locked_release
from releases.models import Release

LONGEST = 100_000


@transaction.atomic
def edit_notes(*, actor: Actor, release: Release, notes: str, generated: bool = False) -> Release:
    """Replace the English notes (Markdown). Raises Invalid `release.notes_too_long`, Conflict `release.withdrawn`."""
    release = locked_release(release)
    actor.require("release.edit_notes", programme_id=release.component.programme_id)
    if release.state == Release.State.WITHDRAWN:
        raise Conflict(
            "release.withdrawn", _("%(release)s is withdrawn; its notes stay as they were.") % {"release": release}
        )
    notes = notes.replace("\r\n", "\n").strip()
    if len(notes) > LONGEST:
        raise Invalid(
            "release.notes_too_long",
            _("The notes have %(length)s characters; at most %(most)s are kept.")
            % {"length": len(notes), "most": LONGEST},
            field="notes",
        )
    if notes != release.notes:
        release.notes, release.notes_generated = notes, generated
        release.save(update_fields=["notes", "notes_generated"])
        record(ReleaseNotesEdited(), subject=release, actor=actor)
    return release

"""Write a release's notes anew."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.journal import record
from releases.kinds import ReleaseNotesEdited
from releases.locking import locked_release
from releases.models import Release
from releases.notes_text import notes_to_keep


@transaction.atomic
def edit_notes(*, actor: Actor, release: Release, notes: str, generated: bool = False) -> Release:
    """Replace the English notes (Markdown). Raises Invalid `release.notes_too_long`, Conflict `release.withdrawn`."""
    release = locked_release(release)
    actor.require("release.edit_notes", programme_id=release.component.programme_id)
    notes = notes_to_keep(release, notes, field="notes")
    if notes != release.notes:
        release.notes, release.notes_generated = notes, generated
        release.save(update_fields=["notes", "notes_generated"])
        record(ReleaseNotesEdited(), subject=release, actor=actor)
    return release

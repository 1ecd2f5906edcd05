"""Write a release's notes from the commits that are new in it."""

from django.db import transaction

from foundation.accounts.actors import Actor
from releases.actions.edit_notes import edit_notes
from releases.contents import new_in, newest_first
from releases.models import Release
from releases.notes import notes_of


@transaction.atomic
def generate_notes(*, actor: Actor, release: Release) -> Release:
    """Replace the notes by generated ones; raises what `edit_notes` raises."""
    return edit_notes(actor=actor, release=release, notes=notes_of(newest_first(new_in(release))))

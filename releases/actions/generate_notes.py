"""Write a release's notes anew, in every language, from what is new in it."""

from django.db import transaction
from django.utils import translation

from foundation.accounts.actors import Actor
from releases.actions.edit_notes import edit_notes
from releases.actions.translate_notes import translate_notes
from releases.languages import OTHERS, SOURCE
from releases.models import Release
from releases.writing import written


@transaction.atomic
def generate_notes(*, actor: Actor, release: Release) -> Release:
    """Replace the notes by generated ones, also the translations; raises what `edit_notes` raises."""
    with translation.override(SOURCE):
        text = written(release, SOURCE)
    release = edit_notes(actor=actor, release=release, notes=text, generated=True)
    for language in OTHERS:
        with translation.override(language):
            text = written(release, language)
        translate_notes(actor=actor, release=release, language=language, text=text, generated=True)
    return release

"""Write the generated notes of a release anew while nobody has approved them yet."""

from django.db import transaction
from django.utils import translation

from foundation.accounts.actors import Actor
from releases.actions.translate_notes import translate_notes
from releases.languages import OTHERS, SOURCE
from releases.models import Release
from releases.writing import written


@transaction.atomic
def refresh_notes(*, actor: Actor, release: Release) -> None:
    """Write the notes of a release that is not approved yet anew, in each language that no person has touched."""
    release = Release.objects.select_for_update(of=("self",)).select_related("component").get(pk=release.pk)
    if release.imported or release.state not in (Release.State.DRAFT, Release.State.CANDIDATE):
        return
    if release.notes_generated:
        with translation.override(SOURCE):
            Release.objects.filter(pk=release.pk).update(notes=written(release, SOURCE))
        release.refresh_from_db(fields=["notes"])
    mine = set(release.notes_translations.filter(generated=False).values_list("language", flat=True))
    for language in [] if not release.notes_generated else [one for one in OTHERS if one not in mine]:
        with translation.override(language):
            text = written(release, language)
        translate_notes(actor=actor, release=release, language=language, text=text, generated=True)

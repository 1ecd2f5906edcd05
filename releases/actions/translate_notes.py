"""Write a release's notes in a language other than English."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Invalid
from releases.kinds import ReleaseNotesTranslated
from releases.languages import OTHERS, digest_of
from releases.locking import locked_release
from releases.models import NotesTranslation, Release
from releases.notes_text import notes_to_keep


@transaction.atomic
def translate_notes(
    *, actor: Actor, release: Release, language: str, text: str, generated: bool = False
) -> NotesTranslation:
    """Replace the notes in `language`; an empty text leaves none, so that readers are shown the English ones.

    Raises Invalid `release.language_unknown` or `release.notes_too_long`, Conflict `release.withdrawn`.
    """
    release = locked_release(release)
    actor.require("release.edit_notes", programme_id=release.component.programme_id)
    if language not in OTHERS:
        raise Invalid(
            "release.language_unknown",
            _("“%(language)s” is no language that notes are translated into. There are: %(known)s.")
            % {"language": language[:20], "known": ", ".join(OTHERS)},
            field="language",
        )
    text = notes_to_keep(release, text, field="text")
    before = NotesTranslation.objects.filter(release=release, language=language).first()
    digest = digest_of(release.notes)
    if before is not None and (before.text, before.source_digest) == (text, digest):
        return before
    found, _created = NotesTranslation.objects.update_or_create(
        release=release,
        language=language,
        defaults={
            "text": text,
            "generated": generated,
            "source_digest": digest,
            "written_at": clock.now(),
            "written_by_id": actor.user_id,
        },
    )
    if not generated:
        record(ReleaseNotesTranslated(language=language), subject=release, actor=actor)
    return found

"""Write a word of a programme's glossary, or take it out."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Programme
from foundation.journal import record
from foundation.kit.errors import Invalid
from releases.kinds import TermSet
from releases.models import Term

LONGEST = 120


@transaction.atomic
def set_term(*, actor: Actor, programme: Programme, en: str, uk: str = "", nb: str = "") -> Term | None:
    """Set how the English word is said in the other languages; neither given takes it out, and gives None.

    Raises Invalid `term.missing` or `term.too_long`.
    """
    actor.require("term.set", programme_id=programme.pk)
    words = {"en": " ".join(en.split()), "uk": " ".join(uk.split()), "nb": " ".join(nb.split())}
    if not words["en"]:
        raise Invalid("term.missing", _("Say which English word it is."), field="en")
    for language, word in words.items():
        if len(word) > LONGEST:
            raise Invalid(
                "term.too_long", _("A term has at most %(most)s characters.") % {"most": LONGEST}, field=language
            )
    Programme.objects.select_for_update().get(pk=programme.pk)
    before = Term.objects.filter(programme=programme, en=words["en"]).first()
    if not words["uk"] and not words["nb"]:
        if before is not None:
            before.delete()
            record(TermSet(**words), subject=programme, actor=actor)
        return None
    found, _created = Term.objects.update_or_create(
        programme=programme, en=words["en"], defaults={"uk": words["uk"], "nb": words["nb"]}
    )
    if before is None or (before.uk, before.nb) != (found.uk, found.nb):
        record(TermSet(**words), subject=programme, actor=actor)
    return found

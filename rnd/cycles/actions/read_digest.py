"""Get the weekly digest of a programme by mail, or no more."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import User
from foundation.accounts.reach import require_person
from foundation.catalogue.models import Programme
from foundation.kit import clock
from foundation.kit.errors import Invalid
from rnd.cycles.models import DigestReader


@transaction.atomic
def read_digest(*, actor: Actor, programme: Programme, wanted: bool) -> bool:
    """Note that one wants the digest, or not; give whether that changed. Raises Invalid `digest.no_address`.

    A preference of one's own, like reading a notice: the journal does not tell of it.
    """
    require_person(actor, "report.see")
    assert actor.user_id is not None
    mine = DigestReader.objects.filter(user=actor.user_id, programme=programme)
    if not wanted:
        return mine.delete()[0] > 0
    if not User.objects.filter(pk=actor.user_id).exclude(email="").exists():
        raise Invalid("digest.no_address", _("Your account has no e-mail address. Add one first."))
    _reader, made = DigestReader.objects.get_or_create(
        user_id=actor.user_id, programme=programme, defaults={"since": clock.now()}
    )
    return made

"""Make a one-time code by which a device is enrolled for a field team."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts import enrolment
from foundation.accounts.actors import Actor
from foundation.accounts.kinds import EnrolmentCodeAdded
from foundation.accounts.models import EnrolmentCode, Team, TeamKind
from foundation.accounts.reach import require_for_team, require_person
from foundation.accounts.saving import save_checked
from foundation.accounts.validation import check_language
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Invalid

LONGEST: Final = timedelta(days=1)
USUAL: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code with its plain text, which nobody can ever read again."""

    code: EnrolmentCode
    plaintext: str


@transaction.atomic
def add_enrolment_code(
    *, actor: Actor, team: Team, name: str, language: str = "", valid_for: timedelta = USUAL
) -> NewCode:
    """Make a code for one device of `team`, to be called `name`; it can be used once, within `valid_for`.

    Raises Forbidden (also to a device), Conflict `device.no_field_team`, Invalid `device.validity_out_of_range`, or
    for a name or language that will not do.
    """
    require_person(actor, "device.add_code")
    require_for_team(actor, "device.add_code", team)
    if team.kind != TeamKind.FIELD:
        raise Conflict(
            "device.no_field_team",
            _("“%(team)s” is no field team. Its people sign in with their own accounts.") % {"team": team},
        )
    if not timedelta() < valid_for <= LONGEST:
        raise Invalid(
            "device.validity_out_of_range",
            _("A code is valid for a day at most."),
            field="valid_for",
        )
    plaintext, now = enrolment.new_code(), clock.now()
    code = EnrolmentCode(
        team=team,
        name=name.strip(),
        language=check_language(language),
        digest=enrolment.code_digest(plaintext),
        made_by_id=actor.user_id,
        made_at=now,
        expires_at=now + valid_for,
    )
    save_checked(code, room="device")
    record(
        EnrolmentCodeAdded(code_id=code.pk, name=code.name, expires_at=code.expires_at),
        subject=team,
        actor=actor,
        team_id=team.pk,
    )
    return NewCode(code, plaintext)

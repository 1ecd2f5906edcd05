"""Decide that a consumer shall never handle a parked entry."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.journal import parking
from foundation.journal.kinds import ConsumerEntryDismissed
from foundation.journal.models import Cursor, Parked
from foundation.journal.people import Operator
from foundation.journal.recording import record
from foundation.kit.errors import Invalid


@transaction.atomic
def dismiss_parked(*, actor: Operator, parked_id: int, reason: str) -> Parked:
    """Take a parked entry away for good, with the reason in the journal; what waited behind it follows.

    Raises Invalid without a reason, NotFound where it is no longer parked, Conflict where it only waits
    behind another.
    """
    actor.require("journal.unpark")
    reason = reason.strip()
    if not reason:
        raise Invalid(
            "journal.reason_missing",
            _("Say why this entry may be left out: whoever looks for its effect later will find your reason."),
            field="reason",
        )
    parked = parking.locked(parked_id)
    record(
        ConsumerEntryDismissed(
            entry_id=parked.entry_id,
            entry_kind=parked.kind,
            about_type=parked.subject_type,
            about_id=parked.subject_id,
            reason=reason,
        ),
        subject=Cursor.objects.get(consumer=parked.consumer),
        actor=actor,
    )
    parked.delete()
    return parked

"""Have a parked entry tried again now."""

from django.db import transaction

from foundation.journal import parking
from foundation.journal.kinds import ConsumerRetried
from foundation.journal.models import Cursor, Parked
from foundation.journal.people import Operator
from foundation.journal.recording import record
from foundation.kit import clock


@transaction.atomic
def retry_parked(*, actor: Operator, parked_id: int) -> Parked:
    """Make a parked entry due at once, with all its attempts ahead of it; the worker does the rest.

    Raises NotFound where it is no longer parked, Conflict where it only waits behind another.
    """
    actor.require("journal.unpark")
    parked = parking.locked(parked_id)
    parked.attempts, parked.retry_at = 0, clock.now()
    parked.save(update_fields=["attempts", "retry_at"])
    record(
        ConsumerRetried(entry_id=parked.entry_id),
        subject=Cursor.objects.get(consumer=parked.consumer),
        actor=actor,
    )
    return parked

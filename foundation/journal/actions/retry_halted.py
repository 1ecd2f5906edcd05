"""Have a consumer that stopped at a failure go on now."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.journal.kinds import ConsumerRetried
from foundation.journal.models import Cursor
from foundation.journal.people import Operator
from foundation.journal.recording import record
from foundation.kit.errors import Conflict, NotFound


@transaction.atomic
def retry_halted(*, actor: Operator, consumer: str) -> Cursor:
    """Let a halted consumer try again at once instead of at its next time.

    Raises NotFound for an unknown name, Conflict for a consumer that has not stopped.
    """
    actor.require("journal.unpark")
    cursor = Cursor.objects.select_for_update().filter(consumer=consumer).first()
    if cursor is None:
        raise NotFound("journal.consumer_unknown", _("There is no consumer “%(name)s”.") % {"name": consumer})
    if not cursor.error:
        raise Conflict(
            "journal.consumer_runs",
            _("The consumer “%(name)s” has not stopped: it goes on by itself.") % {"name": consumer},
        )
    cursor.attempts, cursor.retry_at = 0, None
    cursor.save(update_fields=["attempts", "retry_at"])
    record(ConsumerRetried(entry_id=None), subject=cursor, actor=actor)
    return cursor

"""What happens to the readers when a backup of the journal is restored into another PostgreSQL cluster.

Transaction numbers are the cluster's own: in the new one they begin anew, lower than those in the restored entries.
Read as before, new entries would lie before the cursors and be skipped, without a word. Ids, on the other hand, go on
where they were. So the restored entries are marked as written before all time (number 1), and each cursor is put
where it was in terms of ids. No entry is skipped; the few that were being written while the backup was made may be
handled again.
"""

import logging
from typing import Final

import pgtrigger
from django.db import connection, transaction

from foundation.journal import positions, registry
from foundation.journal.models import Cursor
from foundation.journal.positions import Outlook, Position

log = logging.getLogger(__name__)

BEFORE_ALL_TIME: Final = 1


def outlook_at_home() -> Outlook:
    """Look once, and adopt a journal that comes from elsewhere before anybody reads it; one query at home."""
    look = positions.outlook()
    if look.foreign:
        adopt()
        look = positions.outlook()
    return look


@transaction.atomic
def adopt() -> bool:
    """Make a restored journal readable here; False where another process has done it meanwhile.

    Writers wait until it is done: each entry is rewritten once (only its transaction number; what is sealed stays).
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE journal_entry, journal_cursor IN SHARE ROW EXCLUSIVE MODE")
        look = positions.outlook()
        if not look.foreign:
            return False
        cursor.execute("SELECT pg_current_xact_id()")
        here = int(cursor.fetchone()[0])
        places = {reader: _place_by_id(reader, here) for reader in Cursor.objects.all()}
        with pgtrigger.ignore("journal.Entry:append_only"):
            cursor.execute("UPDATE journal_entry SET xid = %s WHERE xid <> %s", [str(BEFORE_ALL_TIME)] * 2)
    for reader, place in places.items():
        reader.window_from, reader.window_to, reader.last_id = place.window_from, place.window_to, place.last_id
        reader.cluster = look.cluster
        reader.save(update_fields=["window_from", "window_to", "last_id", "cluster"])
    log.warning(
        "This journal comes from another PostgreSQL cluster; its %d readers go on from where they were.", len(places)
    )
    return True


def _place_by_id(reader: Cursor, here: int) -> Position:
    """Give the reader's place once all entries are before all time: from the first one that it has not handled."""
    consumer = next((each for each in registry.registered() if each.name == reader.consumer), None)
    kinds = None if consumer is None or consumer.kinds is None else list(consumer.kinds)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(id) FROM journal_entry WHERE (%s::text[] IS NULL OR kind = ANY(%s::text[])) "
            "AND (id > %s OR xid >= %s OR (xid >= %s AND id > %s))",
            [kinds, kinds, reader.high_id, str(reader.window_to), str(reader.window_from), reader.last_id],
        )
        first = cursor.fetchone()[0]
    if first is None:
        return Position(here, here, 0)
    return Position(0, BEFORE_ALL_TIME + 1, first - 1)

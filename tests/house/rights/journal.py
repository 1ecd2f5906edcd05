"""Who may watch the journal's readers, and decide about what they could not handle."""

from __future__ import annotations

from foundation.journal import kinds, parking
from foundation.journal.models import Cursor, Entry, Parked
from tests.cast import Cast
from tests.house.rights import PASSES, Role, Row

ADMIN = frozenset({Role.ADMIN})


def parked(cast: Cast) -> dict[str, object]:
    entry = Entry.objects.filter(kind__in=kinds.known_kinds()).order_by("id")[0]
    Cursor.objects.get_or_create(consumer="journal.seal")
    parking.park("journal.seal", entry, ZeroDivisionError())
    return {"parked_id": Parked.objects.latest("id").pk}


def halted(cast: Cast) -> dict[str, object]:
    Cursor.objects.update_or_create(consumer="journal.seal", defaults={"error": "ZeroDivisionError"})
    return {"consumer": "journal.seal"}


# The journal knows no programmes: an administrator of any sees all of it, and decides for all.
ROWS = [
    Row("journal:operations", may=ADMIN),
    Row("journal:retry_parked", "POST", kwargs=parked, may=ADMIN, foreign=PASSES),
    Row(
        "journal:dismiss_parked",
        "POST",
        kwargs=parked,
        may=ADMIN,
        foreign=PASSES,
        data=lambda cast: {"reason": "Already done by hand."},
    ),
    Row("journal:retry_halted", "POST", kwargs=halted, may=ADMIN, foreign=PASSES),
    Row("journal-list", may=ADMIN),
]

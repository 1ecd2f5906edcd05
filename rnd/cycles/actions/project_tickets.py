"""Compute the facts of some tickets from the journal and store them in place of what was stored before."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from django.db import transaction

from foundation.kit.transactions import lock_number
from frontline_feedback.models import Ticket
from rnd.cycles import partitions, rows, single
from rnd.cycles.clock import wind
from rnd.cycles.facts import row_of
from rnd.cycles.few import harvest_few
from rnd.cycles.harvest import Cursor, Facets, harvest
from rnd.cycles.lean import Lean
from rnd.cycles.models import Loop
from rnd.cycles.raw import FEW, cursor, month_of
from rnd.cycles.reading import stories_of
from rnd.cycles.rollups import Changes
from rnd.cycles.way import Way

_COLUMNS: Final = [field.attname for field in Loop._meta.concrete_fields if not field.primary_key]
# So many neighbouring tickets share a lock. The first half of its number says what the lock is for.
BLOCK: Final = 4096
_LOCKS: Final = lock_number("cycles.project") >> 32


@transaction.atomic(savepoint=False)  # whoever calls it loses or keeps everything together
def project_tickets(*, ticket_ids: Collection[int]) -> int:
    """Bring the facts of these tickets, and the roll-ups over them, up to date; give how many rows changed.

    Doing it again changes nothing, whatever the order in which entries arrived. A ticket that the journal does not
    know as received has no facts.
    """
    if not ticket_ids:
        return 0
    with cursor() as bare:
        few = len(ticket_ids) <= FEW
        _lock(bare, ticket_ids, few=few)
        if few:
            found, known = harvest_few(bare, ticket_ids)
        else:
            found, known = harvest(bare, ticket_ids), rows.stored(bare, ticket_ids)
        fresh, gone = [], [known[ticket] for ticket in known.keys() - found.keys() if ticket in set(ticket_ids)]
        for ticket, (facets, way) in found.items():
            row = rows.row_of(ticket, facets, way)
            before = known.get(ticket)
            if before == row:
                continue
            fresh.append((row, way))
            if before is not None:
                gone.append(before)
        if not (fresh or gone):
            return 0
        partitions.ensure(bare, {month_of(way.started) for _row, way in fresh})
        changes = Changes(_zones(bare, gone, found.values()))
        changes.count(gone, -1)
        changes.count((row for row, _way in fresh), +1)
        if few and single.fits(gone, fresh):
            single.store(bare, gone, *fresh[0], changes)
        else:
            rows.replace(bare, gone, fresh)
            changes.store(bare)
    return len({row[0] for row in gone} | {row[0] for row, _way in fresh})


def _lock(bare: Cursor, tickets: Collection[int], *, few: bool) -> None:
    """Wait for whoever computes the same tickets: who reads later must also write later.

    From here on what is asked for a few tickets is planned once a connection, and not again for each of them: to plan
    over all partitions takes longer than to read them.
    """
    blocks = sorted({ticket // BLOCK for ticket in tickets})
    bare.execute(
        "SELECT pg_advisory_xact_lock(%s, block), set_config('plan_cache_mode', %s, true) "
        "FROM (SELECT unnest(%s::int[]) AS block ORDER BY 1) AS blocks",
        [_LOCKS, "force_generic_plan" if few else "auto", blocks],
    )


def _zones(bare: Cursor, gone: list[rows.Row], found: Iterable[tuple[Facets, Lean]]) -> dict[int, str]:
    """Give the zone of each programme that these loops belong, or belonged, to."""
    zones = {facets.programme: facets.zone for facets, _way in found}
    if {row[rows.PLACE["programme_id"]] for row in gone} <= zones.keys():
        return zones
    return dict(bare.execute("SELECT id, time_zone FROM catalogue_programme").fetchall())


def computed(ticket_ids: Collection[int]) -> dict[int, tuple[Loop, Way]]:
    """Give the rows as the clock's definition says they should be, without storing them, by ticket."""
    stories = stories_of(ticket_ids)
    found = {}
    for ticket in Ticket.objects.filter(pk__in=list(ticket_ids)).order_by("pk"):
        way = wind(stories[ticket.pk])
        if way is not None:
            found[ticket.pk] = (row_of(ticket, way), way)
    return found


def same(one: Loop, other: Loop) -> bool:
    """Tell whether two rows say the same of a ticket."""
    return all(getattr(one, column) == getattr(other, column) for column in _COLUMNS)

"""Compute the facts of some tickets from the journal and store them in place of what was stored before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from django.db import transaction

from foundation.journal.models import Entry
from frontline_feedback.models import Ticket
from rnd.cycles.clock import wind
from rnd.cycles.clock.moments import from_us
from rnd.cycles.clock.way import Way
from rnd.cycles.facts.columnar.work import touch_serving
from rnd.cycles.facts.lean import harvest, rows
from rnd.cycles.facts.lean import storing as single
from rnd.cycles.facts.lean.clock import Lean
from rnd.cycles.facts.lean.few import Known, Span, harvest_few
from rnd.cycles.facts.lean.harvest import Facets
from rnd.cycles.facts.raw import FEW, Cursor, cursor
from rnd.cycles.facts.reading import Touched, new_between, stories_of, tickets_of, touched_by
from rnd.cycles.facts.rollups import Changes
from rnd.cycles.facts.stored import row_of
from rnd.cycles.facts.turns import TICKETS, Turn
from rnd.cycles.facts.vector import harvest as vector
from rnd.cycles.facts.vector.loops import Loops, loops_of
from rnd.cycles.facts.vector.storing import replace
from rnd.cycles.models import Loop

_COLUMNS: Final = [field.attname for field in Loop._meta.concrete_fields if not field.primary_key]
_WHERE: Final = {"recorded_from", "recorded_to"}


def project_entries(*, entries: Collection[Entry]) -> int:
    """Bring the facts of all tickets that these entries touch up to date, as `project_tickets` does.

    Only the months of the journal are gone through in which something of the tickets lies.
    """
    return _project(touched_by(entries), new_between(entries))


def project_tickets(*, ticket_ids: Collection[int]) -> int:
    """Bring the facts of these tickets, and the roll-ups over them, up to date; give how many rows changed.

    Doing it again changes nothing, whatever the order in which entries arrived. A ticket that the journal does not
    know as received has no facts.
    """
    return _project(Touched(set(ticket_ids)), None)


def _project(touched: Touched, recorded: Span | None) -> int:
    if len(touched) <= FEW:
        return _project_few(touched, recorded) if touched else 0
    with transaction.atomic(savepoint=False), cursor() as bare:
        return _project_many(bare, tickets_of(touched))


def _project_few(touched: Touched, recorded: Span | None) -> int:
    with cursor(kept=True) as bare, Turn(bare, TICKETS) as turn:
        return _bring(bare, turn, *harvest_few(bare, touched, turn, recorded))


def _bring(bare: Cursor, turn: Turn, found: Mapping[int, tuple[Facets, Lean]], known: Mapping[int, Known]) -> int:
    """Store what differs from what is known; give how many rows changed."""
    told = [(rows.row_of(ticket, facets, way), way) for ticket, (facets, way) in found.items()]
    stored = {ticket: loop.row for ticket, loop in known.items()}
    fresh = [(row, way) for row, way in told if stored.get(row[0]) != row]
    new = [row for row, _way in fresh]
    gone = _gone(stored, found.keys(), (row[0] for row in new))
    if not (new or gone):
        return 0
    same_course = {row[0] for row, way in fresh if row[0] in known and known[row[0]].course == rows.course_of(way)}
    unsaid = rows.unsaid(gone, new) & same_course
    changes = Changes(_zones(bare, gone, found.values()))
    changes.count((row for row in gone if row[0] not in unsaid), -1)
    changes.count((row for row in new if row[0] not in unsaid), +1)
    refiled = rows.refiled(gone, new)
    if not single.fits(gone, fresh):
        with transaction.atomic(savepoint=False):
            _store(bare, gone, [loops_of(fresh)], changes, refiled)
    elif unsaid:
        single.note(bare, turn, new[0])
    else:
        row, way = fresh[0]
        course = row[0] not in same_course
        single.store(bare, turn, row, way, changes, known=bool(gone), course=course, refiled=bool(refiled))
    return len({row[0] for row in (*gone, *new)})


def _project_many(bare: Cursor, ticket_ids: Collection[int]) -> int:
    TICKETS.wait(bare, ticket_ids)
    found, odd = vector.harvest(bare, ticket_ids)
    ways = harvest.harvest(bare, odd)
    groups = [found, loops_of([(rows.row_of(ticket, *told), told[1]) for ticket, told in ways.items()])]
    known = rows.stored(bare, ticket_ids)
    there, fresh = {ticket for loops in groups for ticket in loops.tickets.tolist()}, groups
    if known:
        fresh = [
            loops.taken([place for place, row in enumerate(loops.rows()) if known.get(row[0]) != row])
            for loops in groups
        ]
    changed = {ticket for loops in fresh for ticket in loops.tickets.tolist()}
    gone = _gone({ticket: known[ticket] for ticket in known.keys() & set(ticket_ids)}, there, changed)
    if not (changed or gone):
        return 0
    changes = Changes(_all_zones(bare))
    changes.count(gone, -1)
    for loops in fresh:
        changes.count_in(loops)
    refiled = rows.refiled(gone, [row for loops in fresh for row in loops.rows()]) if gone else changed
    _store(bare, gone, fresh, changes, refiled)
    return len(changed.union(row[0] for row in gone))


def _gone(known: Mapping[int, rows.Row], found: Collection[int], fresh: Iterable[int]) -> list[rows.Row]:
    """Give the stored rows that are to go: those that others replace, and those of tickets that have no facts now."""
    replaced = [known[ticket] for ticket in fresh if ticket in known]
    return replaced + [row for ticket, row in known.items() if ticket not in found]


def _store(bare: Cursor, gone: list[rows.Row], fresh: list[Loops], changes: Changes, refiled: Collection[int]) -> None:
    replace(bare, [row[0] for row in gone], fresh)
    changes.store(bare)
    if refiled:
        touch_serving(bare, refiled)


def _zones(bare: Cursor, gone: list[rows.Row], found: Iterable[tuple[Facets, Lean]]) -> dict[int, str]:
    """Give the zone of each programme that these loops belong, or belonged, to."""
    zones = {facets.programme: facets.zone for facets, _way in found}
    if {row[rows.PLACE["programme_id"]] for row in gone} <= zones.keys():
        return zones
    return _all_zones(bare)


def _all_zones(bare: Cursor) -> dict[int, str]:
    return dict(bare.execute("SELECT id, time_zone FROM catalogue_programme").fetchall())


def computed(ticket_ids: Collection[int]) -> dict[int, tuple[Loop, Way]]:
    """Give the rows as the clock's definition says they should be, without storing them, by ticket."""
    stories = stories_of(ticket_ids)
    found = {}
    for ticket in Ticket.objects.filter(pk__in=list(ticket_ids)).order_by("pk"):
        story = stories[ticket.pk]
        way = wind(story)
        if way is not None:
            row = row_of(ticket, way)
            moments = [event.recorded for event in story.events]
            row.recorded_from, row.recorded_to = from_us(min(moments)), from_us(max(moments))
            found[ticket.pk] = (row, way)
    return found


def same(one: Loop, other: Loop) -> bool:
    """Tell whether two rows say the same of a ticket. One need not say yet where in the journal its entries lie."""
    differing = {column for column in _COLUMNS if getattr(one, column) != getattr(other, column)}
    return differing <= _WHERE and (not differing or None in {one.recorded_from, other.recorded_from})

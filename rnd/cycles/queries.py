"""What pages read of one ticket's loop, and of the loops of a list."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

from django.db import router

from foundation.kit import clock
from foundation.kit.asking import planned_once
from foundation.kit.strips import Part
from frontline_feedback.models import Ticket
from rnd.cycles.clock import DEFINITION, wind
from rnd.cycles.clock.moments import MICROSECOND, from_us, maybe_from_us, to_us
from rnd.cycles.clock.stages import Mode, Stage
from rnd.cycles.clock.timeline import Moved
from rnd.cycles.clock.way import Way
from rnd.cycles.facts.reading import stories_of
from rnd.cycles.facts.stored import way_of
from rnd.cycles.models import Loop


@dataclass(frozen=True, slots=True)
class TicketLoop:
    """One ticket's loop as a page shows it, counted up to `as_of`. Lengths are integer microseconds.

    `parts` is what the loop strip and its table draw, in the order in which it happened.
    """

    way: Way
    as_of: datetime
    definition: int = DEFINITION

    @property
    def parts(self) -> list[Part]:
        """The segments in order; of an open ticket the last one is still running."""
        found = [Part(s.stage, s.length, s.mode, pass_number=s.number) for s in self.way.segments]
        run = self.way.running
        if run is not None:
            # Neighbours differ, so a last segment of the running reading is what was counted of it.
            counted = bool(found) and (found[-1].stage, found[-1].mode, found[-1].pass_number) == run.reading
            length = found.pop().microseconds if counted else 0
            found.append(Part(run.stage, length, run.mode, running=True, pass_number=run.number))
        return found

    @property
    def started_at(self) -> datetime:
        return from_us(self.way.started_at)

    @property
    def finished_at(self) -> datetime | None:
        return maybe_from_us(self.way.finished_at)

    @property
    def total_us(self) -> int:
        return self.way.total

    @property
    def stages(self) -> Mapping[Stage, int | None]:
        return self.way.stages

    @property
    def modes(self) -> Mapping[Mode, int]:
        return self.way.modes

    @property
    def passes(self) -> int:
        return self.way.passes

    @property
    def pass_times(self) -> Sequence[int]:
        return self.way.pass_times

    @property
    def first_total_us(self) -> int | None:
        """The time to the first finish, whatever came after it."""
        return self.way.first_total

    @property
    def rework_us(self) -> int:
        return self.way.rework

    @property
    def current_stage(self) -> Stage | None:
        return self.way.running.stage if self.way.running else None

    @property
    def current_since(self) -> datetime | None:
        """When an open ticket came into the stage it is in."""
        return from_us(self.way.running.entered) if self.way.running else None

    @property
    def efficiency(self) -> Fraction | None:
        """Active ÷ total; None where nobody marked who works on it or what blocks it, or no time has passed."""
        if not (self.way.modes_recorded and self.way.total):
            return None
        return Fraction(self.way.modes[Mode.ACTIVE], self.way.total)

    @property
    def excluded(self) -> str:
        """Why statistics leave it out; empty: they count it."""
        return self.way.excluded

    @property
    def moved(self) -> Sequence[Moved]:
        """The entries that do not count at the time they claim."""
        return self.way.moved


def loop_of(ticket: Ticket, *, now: datetime | None = None) -> TicketLoop | None:
    """Compute a ticket's loop from the journal, up to now; None for one that the journal does not know as received.

    It is the function that fills the facts, so a page and the reports cannot differ. Three queries.
    """
    as_of = now or clock.now()
    way = wind(stories_of([ticket.pk])[ticket.pk], now=to_us(as_of))
    return None if way is None else TicketLoop(way, as_of)


def stored_loop_of(ticket_id: int, *, now: datetime | None = None) -> TicketLoop | None:
    """Give a ticket's loop from the facts, its running segment counted up to now; None where there are none yet."""
    as_of = now or clock.now()
    row = Loop.objects.prefetch_related("segments").filter(pk=ticket_id).first()
    if row is None:
        return None
    segments = sorted(row.segments.all(), key=lambda segment: segment.ordinal)
    return TicketLoop(way_of(row, segments).at(to_us(as_of)), as_of, row.definition)


def loops_of(ticket_ids: Collection[int], *, now: datetime | None = None) -> dict[int, list[Part]]:
    """Give the strips of a list of tickets from the facts, with one query; a ticket without facts is absent."""
    as_of = now or clock.now()
    with planned_once(router.db_for_read(Loop)) as cursor:
        cursor.execute(_STRIPS, [list(ticket_ids)])
        rows = cursor.fetchall()
    strips: dict[int, list[Part]] = {}
    running: dict[int, Part] = {}
    for ticket, current, current_mode, passes, running_since, stage, mode, number, length in rows:
        strip = strips.setdefault(ticket, [])
        if stage is not None:
            strip.append(Part(stage, length, mode, pass_number=number))
        if running_since is not None and ticket not in running:
            past = max(0, (as_of - running_since) // MICROSECOND)
            running[ticket] = Part(current, past, current_mode, running=True, pass_number=passes)
    for ticket, part in running.items():
        strips[ticket].append(part)
    return strips


# Lengths are counted by the database: a moment is the dearest value to read, and a list has hundreds of segments. Each
# loop asks for its own (OFFSET 0 keeps it so), which stand in one row.
_STRIPS: Final = """
    SELECT loop.ticket_id, loop.current_stage, loop.current_mode, loop.passes, loop.running_since,
        segment.stage, segment.mode, segment.pass_number, segment.length
    FROM cycles_loop loop LEFT JOIN LATERAL (
        SELECT ordinal, stage, mode, pass_number, (extract(epoch FROM until - since) * 1000000)::bigint AS length
        FROM cycles_segment WHERE loop_id = loop.ticket_id OFFSET 0
    ) segment ON true
    WHERE loop.ticket_id = ANY(%s) ORDER BY loop.ticket_id, segment.ordinal
"""

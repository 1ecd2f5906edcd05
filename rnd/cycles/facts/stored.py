"""Between the clock's way and its rows: what is stored of a ticket, and the same way read back from the store."""

from __future__ import annotations

from collections.abc import Iterable

from frontline_feedback.models import Ticket
from rnd.cycles.clock import DEFINITION
from rnd.cycles.clock.moments import from_us, maybe_from_us, to_us
from rnd.cycles.clock.stages import Mode, Stage
from rnd.cycles.clock.way import Running, Way
from rnd.cycles.clock.way import Segment as Part
from rnd.cycles.models import MODE_COLUMNS, STAGE_COLUMNS, Loop, Segment


def row_of(ticket: Ticket, way: Way) -> Loop:
    """Give the row (not saved) of a way that is not counted into the running segment."""
    run = way.running
    stages, modes, visits = way.stages, way.modes, way.visits
    return Loop(
        ticket_id=ticket.pk,
        programme_id=ticket.programme_id,
        platform_id=ticket.platform_id,
        component_id=ticket.component_id,
        hardware_id=ticket.hardware_id,
        team_id=ticket.team_id,
        release_id=ticket.release_id,
        fixed_by_id=way.fixed_by,
        severity=ticket.severity,
        started_at=from_us(way.started_at),
        received_at=from_us(way.received_at),
        finished_at=maybe_from_us(way.finished_at),
        first_finish_at=maybe_from_us(way.first_finish_at),
        ended_at=maybe_from_us(way.ended_at),
        excluded=way.excluded,
        total_us=way.total,
        rework_us=way.rework,
        pass_us=list(way.pass_times),
        visits=[visits[stage] for stage in Stage],
        reached=[maybe_from_us(mark) for mark in way.reached],
        passes=way.passes,
        modes_recorded=way.modes_recorded,
        current_stage=run.stage if run else "",
        current_mode=run.mode if run else "",
        current_since=from_us(run.entered) if run else None,
        running_since=from_us(run.since) if run else None,
        moved_entries=len(way.moved),
        last_entry_id=way.last_entry_id,
        definition=DEFINITION,
        **{column: stages[stage] for stage, column in STAGE_COLUMNS.items()},
        **{column: modes[mode] for mode, column in MODE_COLUMNS.items()},
    )


def way_of(row: Loop, segments: Iterable[Segment]) -> Way:
    """Give the way that the rows hold. Which entries were moved is not stored, only how many."""
    running = None
    if row.running_since is not None and row.current_since is not None:
        running = Running(
            since=to_us(row.running_since),
            entered=to_us(row.current_since),
            stage=Stage(row.current_stage),
            mode=Mode(row.current_mode),
            number=row.passes,
        )
    return Way(
        started_at=to_us(row.started_at),
        received_at=to_us(row.received_at),
        segments=tuple(
            Part(to_us(s.since), to_us(s.until), Stage(s.stage), Mode(s.mode), s.pass_number) for s in segments
        ),
        passes=row.passes,
        running=running,
        finished_at=None if row.finished_at is None else to_us(row.finished_at),
        first_finish_at=None if row.first_finish_at is None else to_us(row.first_finish_at),
        fixed_by=row.fixed_by_id,
        ended_at=None if row.ended_at is None else to_us(row.ended_at),
        excluded=row.excluded,
        modes_recorded=row.modes_recorded,
        last_entry_id=row.last_entry_id,
    )

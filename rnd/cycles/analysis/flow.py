"""The cumulative flow, the work in progress and the throughput, day by day in the programme's zone."""

# ruff: noqa: S608 -- queries are put together from what Django made and our own names only; every value is a parameter

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connections, router

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Programme
from foundation.kit import clock
from frontline_feedback.policies import STAFF
from rnd.cycles.analysis.by_column import ByColumn
from rnd.cycles.analysis.rolled import only_programme
from rnd.cycles.clock.stages import Stage
from rnd.cycles.facts.columnar.finished import finished_loops
from rnd.cycles.facts.columnar.loops import REACHED
from rnd.cycles.facts.columnar.reading import moment, stream, taken, there
from rnd.cycles.facts.raw import from_int
from rnd.cycles.facts.rollups import FLOW_COLUMNS
from rnd.cycles.filters import Filters
from rnd.cycles.models import Flow, Loop
from rnd.cycles.querysets import LoopQuerySet
from rnd.cycles.reports import unfinished

_ONE: Final = timedelta(days=1)
LONGEST: Final = 3700


@dataclass(frozen=True, slots=True)
class CumulativeFlow:
    """At the end of each day: how many tickets had come to each stage or beyond it, and how many had finished.

    `lines` go from `transit` (everything that was ever seen) down to `finished`; none of them ever falls, and the gap
    between the first and the last is the work in progress of that day. `rolled_up` tells where they come from.
    """

    days: Sequence[date]
    lines: Mapping[str, Sequence[int]]
    rolled_up: bool

    @property
    def wip(self) -> list[int]:
        """Give the work in progress at each day's end."""
        seen, done = self.lines[Stage.TRANSIT.value], self.lines["finished"]
        return [arrived - finished for arrived, finished in zip(seen, done, strict=True)]

    def bands(self) -> dict[Stage, list[int]]:
        """Give for each stage how many tickets had come to it and not yet beyond it; they add up to the WIP."""
        names = [*(stage.value for stage in Stage), "finished"]
        return {
            stage: [a - b for a, b in zip(self.lines[stage.value], self.lines[names[place + 1]], strict=True)]
            for place, stage in enumerate(Stage)
        }


def cumulative_flow(actor: Actor, filters: Filters) -> CumulativeFlow:
    """Give the flow over the period (by default, all days up to today) of the tickets that count.

    The period only cuts the picture: what arrived before it stands in its first day.
    """
    found, rolled_up = _arrivals(actor, filters)
    days = _days(filters, found)
    first = days[0] if days else date.max
    running = [sum(counts[place] for day, counts in found.items() if day < first) for place in range(len(FLOW_COLUMNS))]
    lines: dict[str, list[int]] = {name: [] for name in FLOW_COLUMNS}
    for day in days:
        for place, (name, count) in enumerate(zip(FLOW_COLUMNS, found.get(day, _NONE), strict=True)):
            running[place] += count
            lines[name].append(running[place])
    return CumulativeFlow(days, lines, rolled_up)


def _days(filters: Filters, marked: Iterable[date]) -> list[date]:
    """Give the days of the period up to today; without its first day, from the first that is marked on.

    There is at least the last day then; a period that is all to come has none.
    """
    today = clock.now().astimezone(filters.zone).date()
    last = min(filters.until or today, today)
    first = max(filters.since or min([last, *marked]), last - timedelta(days=LONGEST))
    return [first + _ONE * number for number in range((last - first).days + 1)]


_NONE: Final = (0,) * len(FLOW_COLUMNS)


@dataclass(frozen=True, slots=True)
class Throughput:
    """How many loops finished on each day; `weeks` has the sums from Monday to Sunday, cut by the period's ends."""

    days: Sequence[date]
    finished: Sequence[int]

    @property
    def weeks(self) -> list[tuple[date, int]]:
        found: dict[date, int] = defaultdict(int)
        for day, count in zip(self.days, self.finished, strict=True):
            found[day - timedelta(days=day.weekday())] += count
        return list(found.items())


def throughput(actor: Actor, filters: Filters) -> Throughput:
    """Give the exact count of finishes by day over the period (by default, from the first finish to today)."""
    found, _rolled_up = _arrivals(actor, filters)
    done = {day: counts[-1] for day, counts in found.items() if counts[-1]}
    days = _days(filters, done)
    return Throughput(days, [done.get(day, 0) for day in days])


def still_open(actor: Actor, filters: Filters) -> int:
    """Give how many loops run, whatever the period: the gap between the first and the last line of the flow."""
    programme = only_programme(actor, filters)
    if programme is None or not _kept(actor, filters, programme):
        return unfinished(actor, filters).count()
    return sum(counts[0] - counts[-1] for counts in _rolled_up(programme.pk, filters.component).values())


def _kept(actor: Actor, filters: Filters, programme: Programme) -> bool:
    """Tell whether the roll-up counts just what is asked for."""
    return not filters.of_tickets and (actor.is_system or programme.pk in actor.programmes(*STAFF))


def _arrivals(actor: Actor, filters: Filters) -> tuple[dict[date, Sequence[int]], bool]:
    """Give the arrivals of each day, as FLOW_COLUMNS names them, from the roll-ups where they can answer."""
    programme = only_programme(actor, filters)
    if programme is not None and str(filters.zone) == programme.time_zone and _kept(actor, filters, programme):
        return _rolled_up(programme.pk, filters.component), True
    columns = finished_loops(actor, filters.but(since=None, until=None))
    loops = filters.narrow(Loop.objects.visible_to(actor).counted())
    if columns is None or programme is None or str(filters.zone) != programme.time_zone:
        return _counted(loops, str(filters.zone)), False
    found: dict[date, Sequence[int]] = {**ByColumn(columns, filters.zone).arrivals()}
    for day, counts in _running(loops.unfinished(), programme.time_zone).items():
        found[day] = [one + other for one, other in zip(found.get(day, _NONE), counts, strict=True)]
    return found, False


def _rolled_up(programme: int, component: str) -> dict[date, Sequence[int]]:
    columns = ", ".join(f"sum({name})::bigint" for name in FLOW_COLUMNS)
    narrowed = "AND component_id = (SELECT id FROM catalogue_component WHERE slug = %s) " if component else ""
    params: list[Any] = [programme, component] if component else [programme]
    with connections[router.db_for_read(Flow)].cursor() as cursor:
        cursor.execute(f"SELECT day, {columns} FROM cycles_flow WHERE programme_id = %s {narrowed}GROUP BY day", params)
        return {row[0]: row[1:] for row in cursor.fetchall()}


def _running(loops: LoopQuerySet[Loop], zone: str) -> dict[date, list[int]]:
    """Give the arrivals of open loops: their moments come packed, and are counted by day here."""
    sql, params = loops.order_by().values_list("reached").query.sql_with_params()
    sent = " || ".join(f"timestamptz_send(coalesce(reached[{place}], '-infinity'))" for place in range(1, REACHED))
    ((packed,),) = stream(loops.db, f"SELECT string_agg({sent}, ''::bytea) FROM ({sql}) AS l (reached)", params)
    found: dict[date, list[int]] = defaultdict(lambda: [0] * len(FLOW_COLUMNS))
    if packed is None:
        return found
    marks = taken(np.frombuffer(packed, ">i8").reshape(-1, REACHED - 1), None)
    here, known = ZoneInfo(zone), there(marks)
    first, last = (from_int(int(mark)).astimezone(here).date() for mark in (known.min(), known.max()))
    days = [first + _ONE * number for number in range((last - first).days + 1)]
    begins = [moment(datetime.combine(day, time.min, here)) for day in days]
    for place, column in enumerate(marks.T):
        counts = np.bincount(np.searchsorted(begins, there(column), side="right") - 1)
        for number in np.flatnonzero(counts):
            found[days[number]][place] = int(counts[number])
    return found


def _counted(loops: LoopQuerySet[Loop], zone: str) -> dict[date, Sequence[int]]:
    sql, params = loops.order_by().values_list("reached", "finished_at").query.sql_with_params()
    found: dict[date, list[int]] = defaultdict(lambda: [0] * len(FLOW_COLUMNS))
    with connections[loops.db].cursor() as cursor:
        cursor.execute(
            "SELECT (mark AT TIME ZONE %s)::date, place, count(*) "
            f"FROM ({sql}) AS l (reached, finished_at), "
            "unnest(reached || finished_at) WITH ORDINALITY AS m (mark, place) WHERE mark IS NOT NULL GROUP BY 1, 2",
            [zone, *params],
        )
        for day, place, count in cursor.fetchall():
            found[day][place - 1] = count
    return dict(found)

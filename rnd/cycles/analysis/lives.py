"""When loops began and finished, by day: what the forecast of chosen tickets is made from."""

# ruff: noqa: S608 -- queries are put together from what Django made and our own names only; every value is a parameter

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

import numpy as np
from django.db import connections

from foundation.accounts.actors import Actor
from rnd.cycles.analysis.rolled import only_programme
from rnd.cycles.facts.columnar.finished import FinishedLoops, finished_loops
from rnd.cycles.filters import Filters
from rnd.cycles.models import Loop
from rnd.cycles.querysets import LoopQuerySet
from rnd.cycles.statistics.remaining import RUNNING, Lives

# The day on which loops began, the one on which they finished, how many, and the lowest number of a ticket.
_Group = tuple[int, int, int, int]


def lives(actor: Actor, filters: Filters, *, until: date) -> Lives:
    """Give all loops that count, whenever they finished, as far as it was known at the end of a day."""
    always = filters.but(since=None, until=None)
    loops = filters.narrow(Loop.objects.visible_to(actor).counted())
    columns, programme = finished_loops(actor, always), only_programme(actor, filters)
    if columns is None or programme is None or str(filters.zone) != programme.time_zone:
        return _gathered(_by_row(loops, str(filters.zone)), until)
    return _gathered([*_by_column(columns), *_by_row(loops.unfinished(), str(filters.zone))], until)


def _by_column(loops: FinishedLoops) -> Iterator[_Group]:
    for slab, arrays in loops.read("reached", "ticket_id"):
        days = arrays["reached"] + slab.toordinal()
        # One number for both days; of those that are alike, the first is the oldest ticket.
        codes = (days[:, 0] << 32) + days[:, -1]
        found, places, counts = np.unique(codes, return_index=True, return_counts=True)
        firsts = arrays["ticket_id"][places]
        told = (found >> 32, found & 0xFFFFFFFF, counts, firsts)
        yield from zip(*(numbers.tolist() for numbers in told), strict=True)


def _by_row(loops: LoopQuerySet[Loop], zone: str) -> Iterator[_Group]:
    sql, params = loops.order_by().values_list("started_at", "finished_at", "pk").query.sql_with_params()
    with connections[loops.db].cursor() as cursor:
        cursor.execute(
            "SELECT (began AT TIME ZONE %s)::date, (ended AT TIME ZONE %s)::date, count(*), min(ticket) "
            f"FROM ({sql}) AS l (began, ended, ticket) GROUP BY 1, 2",
            [zone, zone, *params],
        )
        for began, ended, n, first in cursor.fetchall():
            yield began.toordinal(), RUNNING if ended is None else ended.toordinal(), n, first


def _gathered(found: Iterable[_Group], until: date) -> Lives:
    """Put groups of the same days together; what finished after the last day still ran, and what began was unknown."""
    groups: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    last = until.toordinal()
    for began, finished, n, first in found:
        if began > last:
            continue
        ended = finished if finished <= last else RUNNING
        before, lowest = groups[began].get(ended, (0, first))
        groups[began][ended] = (before + n, min(lowest, first))
    return Lives(dict(groups))

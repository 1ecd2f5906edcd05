"""The roll-ups by week and month: exact figures of what finished in each, computed anew where a loop changed."""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection, connections, router

from rnd.cycles.clock.stages import Stage
from rnd.cycles.facts.days import following
from rnd.cycles.facts.sums import Sums
from rnd.cycles.models import STAGE_COLUMNS, Loop, Span
from rnd.cycles.statistics.figures import FEWEST, PERCENTILES, Percentile, ranks

# What `Span.sums` holds, in order.
SUMS: Final = (
    "total", "first_time", "rework", "recorded_n", "recorded_total", "recorded_active",
    *(f"sum_{stage}" for stage in Stage), *(f"visited_{stage}" for stage in Stage),
)  # fmt: skip
EXPRESSIONS: Final = (
    "sum(total_us)", "count(*) FILTER (WHERE passes = 1)", "sum(rework_us)", "count(*) FILTER (WHERE modes_recorded)",
    "coalesce(sum(total_us) FILTER (WHERE modes_recorded), 0)",
    "coalesce(sum(active_us) FILTER (WHERE modes_recorded), 0)",
    *(f"coalesce(sum({column}), 0)" for column in STAGE_COLUMNS.values()),
    *(f"count({column})" for column in STAGE_COLUMNS.values()),
)  # fmt: skip
# One pass over the loops of one span: all sums, and the totals in order with their tickets.
_FIGURES: Final = f"""
SELECT component_id, count(*), ARRAY[{", ".join(EXPRESSIONS)}]::bigint[],
    array_agg(total_us ORDER BY total_us, ticket_id), array_agg(ticket_id ORDER BY total_us, ticket_id)
FROM cycles_loop
WHERE programme_id = %s AND excluded = '' AND finished_at >= %s::date::timestamp AT TIME ZONE %s
    AND finished_at < %s::date::timestamp AT TIME ZONE %s
GROUP BY GROUPING SETS ((), (component_id)) ORDER BY component_id NULLS FIRST
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one span: sums, and for each of p50, p85, p95 the percentile and a ticket that has this value."""

    first: date
    sums: Sums
    percentiles: Sequence[Percentile]
    tickets: Sequence[int | None]


def sums_of(n: int, values: Sequence[int]) -> Sums:
    """Give the sums that a span stores as a list."""
    named = dict(zip(SUMS, values, strict=True))
    return Sums(
        n=n,
        stages={stage: named.pop(f"sum_{stage}") for stage in Stage},
        visited={stage: named.pop(f"visited_{stage}") for stage in Stage},
        **named,
    )


def places_of(totals: Sequence[int], tickets: Sequence[int]) -> list[int | None]:
    """Give what a span stores of the percentiles of totals in ascending order."""
    found: list[int | None] = []
    if len(totals) < FEWEST:
        return found
    for p in PERCENTILES:
        low, rank, high = ranks(len(totals), p)
        found += [
            totals[rank - 1], None if low is None else totals[low - 1], None if high is None else totals[high - 1],
            tickets[rank - 1],
        ]  # fmt: skip
    return found


def figures_of(first: date, n: int, sums: Sequence[int], places: Sequence[int | None]) -> Figures:
    """Give a span's figures from what is stored of it."""
    parts = [places[4 * number : 4 * number + 4] for number in range(len(PERCENTILES))]
    return Figures(
        first=first,
        sums=sums_of(n, sums) if n else Sums(),
        percentiles=[
            Percentile(p, n, *part[:3]) if part else Percentile(p, n, None)
            for p, part in zip(PERCENTILES, parts, strict=True)
        ],
        tickets=[part[3] if part else None for part in parts],
    )


def compute(
    programme: int, zone: str, by: str, first: date
) -> dict[int | None, tuple[int, list[int], list[int | None]]]:
    """Give n, sums and places of a span for the whole programme (None) and each component, from the loops."""
    with connections[router.db_for_read(Loop)].cursor() as cursor:
        cursor.execute(_FIGURES, [programme, first, zone, following(first, by), zone])
        return {
            component: (n, sums if n else [0] * len(SUMS), places_of(totals or [], tickets or []))
            for component, n, sums, totals, tickets in cursor.fetchall()
        }


def refresh_spans(limit: int | None = None) -> int:
    """Compute the stale spans anew (at most about `limit` of them, the newest first); give how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.programme_id, p.time_zone, s.by, s.first, s.component_id, s.version FROM cycles_span s "
            "JOIN catalogue_programme p ON p.id = s.programme_id WHERE computed < version "
            "ORDER BY s.first DESC, s.by, s.programme_id LIMIT %s",
            [limit],
        )
        stale = cursor.fetchall()
    together: dict[tuple[int, str, str, date], dict[int | None, int]] = defaultdict(dict)
    for programme, zone, by, first, component, version in stale:
        together[programme, zone, by, first][component] = version
    for (programme, zone, by, first), versions in together.items():
        _store(programme, by, first, versions, compute(programme, zone, by, first))
    return len(stale)


def _store(programme: int, by: str, first: date, versions: dict[int | None, int], found: dict[int | None, Any]) -> None:
    """Keep what was computed; a change that came in between leaves the span stale, because its version went on."""
    nothing: tuple[int, list[int], list[int | None]] = (0, [0] * len(SUMS), [])
    with connection.cursor() as cursor:
        for component, version in versions.items():
            n, sums, places = found.get(component, nothing)
            cursor.execute(
                "UPDATE cycles_span SET n = %s, sums = %s, places = %s, computed = %s WHERE programme_id = %s "
                "AND by = %s AND first = %s AND component_id IS NOT DISTINCT FROM %s AND computed < %s",
                [n, sums, places, version, programme, by, first, component, version],
            )


def read(
    programme: int, zone: str, by: str, component: int | None, *, since: date | None, until: date | None
) -> list[Figures]:
    """Give the figures of every span that lies in [since, until], in order; stale ones are computed on the spot."""
    with connections[router.db_for_read(Span)].cursor() as cursor:
        cursor.execute(
            "SELECT first, n, sums, places, computed < version FROM cycles_span WHERE programme_id = %s AND by = %s "
            "AND component_id IS NOT DISTINCT FROM %s AND first >= coalesce(%s, '-infinity'::date) "
            "AND first <= coalesce(%s, 'infinity'::date) ORDER BY first",
            [programme, by, component, since, until],
        )
        stored: Iterable[tuple[date, int, list[int], list[int | None], bool]] = cursor.fetchall()
    found = []
    for first, n, sums, places, stale in stored:
        if stale:
            fresh = compute(programme, zone, by, first).get(component)
            n, sums, places = fresh or (0, [], [])  # noqa: PLW2901 -- the stored one is of no use
        found.append(figures_of(first, n, sums, places))
    return found

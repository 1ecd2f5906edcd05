"""Where the finished loops of a report stand by column: in fresh blocks, or else among the loops of some windows."""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connections, router

from foundation.accounts.actors import Actor
from foundation.accounts.models import Role, Team
from foundation.catalogue.models import Component, Platform, Programme
from frontline_feedback.policies import STAFF
from rnd.cycles.blocks import KINDS
from rnd.cycles.days import slab_of
from rnd.cycles.filters import Filters
from rnd.cycles.measures import EXPRESSIONS, NUMBER
from rnd.cycles.models import Block

Query = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the finished loops of a report stand: whole slabs whose blocks are fresh, and for the rest windows of time.

    `kinds` are the columns and values that narrow both; `table` has the blocks.
    """

    using: str
    table: str
    whole: dict[int, list[date]] = field(default_factory=dict)
    windows: list[tuple[int, datetime, datetime]] = field(default_factory=list)
    kinds: dict[str, int | str] = field(default_factory=dict)

    def narrowed(self, programme: int, **kinds: int | str) -> Columns | None:
        """Give what stands here of one programme and of these kinds; None where they do not divide these blocks."""
        if not kinds.keys() <= set(KINDS[self.table]):
            return None
        return replace(
            self,
            whole={one: firsts for one, firsts in self.whole.items() if one == programme},
            windows=[window for window in self.windows if window[0] == programme],
            kinds={**self.kinds, **kinds},
        )

    def blocks(self, measure: int, what: str) -> Query:
        """Give the query for columns of the blocks of a measure."""
        parts, params = [], []
        for programme, firsts in self.whole.items():
            parts.append(
                f"SELECT {what} FROM {self.table} WHERE programme_id = %s AND measure = %s AND first = ANY(%s)"
                + "".join(f" AND {column} = %s" for column in self.kinds)
            )
            params += [programme, measure, firsts, *self.kinds.values()]
        return " UNION ALL ".join(parts), params

    def loops(self, what: str) -> Query:
        """Give the query for expressions over the loops that stand in no fresh block."""
        windows = " OR ".join(["(programme_id = %s AND finished_at >= %s AND finished_at < %s)"] * len(self.windows))
        where = "".join(f" AND {column} = %s" for column in self.kinds)
        params = [value for window in self.windows for value in window]
        return (
            f"SELECT {what} FROM cycles_loop WHERE excluded = '' AND finished_at IS NOT NULL AND ({windows}){where}",
            [*params, *self.kinds.values()],
        )

    def sorted(self, measure: str) -> Query:
        """Give the query for (n, v): runs of values in ascending order, of the blocks and of all other loops."""
        parts, params = [], []
        if self.whole:
            query, given = self.blocks(NUMBER[measure], "n, numbers")
            parts, params = [query], given
        if self.windows:
            query, given = self.loops(f"{EXPRESSIONS[measure]} AS v")
            parts.append(
                f"SELECT count(*)::int, array_agg(v ORDER BY v) FROM ({query}) AS fresh WHERE v IS NOT NULL "
                "HAVING count(*) > 0"
            )
            params = [*params, *given]
        return " UNION ALL ".join(parts) or "SELECT 0, '{}'::bigint[] WHERE false", params


def table_of(filters: Filters) -> str | None:
    """Give the table whose blocks are divided by everything that narrows a report; None where none is."""
    narrowed = {f"{name}_id" for name in ("component", "platform", "team") if getattr(filters, name)}
    narrowed |= {name for name in ("severity", "passes") if getattr(filters, name)}
    if filters.hardware is not None or filters.release is not None:
        return None
    return next((table for table, kinds in KINDS.items() if narrowed <= set(kinds)), None)


def columns_of(actor: Actor, filters: Filters) -> Columns | None:
    """Give where the loops of a report stand by column; None where the filters ask for what divides no blocks."""
    table = table_of(filters)
    if table is None:
        return None
    programmes = Programme.objects.order_by("pk")
    if not actor.is_system:
        if not actor.has_scope("cycles:read") or actor.teams(Role.REPORTER):
            return None
        programmes = programmes.filter(pk__in=actor.programmes(*STAFF))
    if filters.programme:
        programmes = programmes.filter(slug=filters.programme)
    zones = dict(programmes.values_list("pk", "time_zone"))
    cut = filters.since is not None or filters.until is not None
    if cut and any(zone != str(filters.zone) for zone in zones.values()):
        return None
    found = Columns(router.db_for_read(Block), table, kinds=_kinds(filters))
    with connections[found.using].cursor() as cursor:
        cursor.execute(
            "SELECT programme_id, first, since, until, computed < version FROM cycles_slab "
            "WHERE programme_id = ANY(%s) ORDER BY programme_id, first",
            [list(zones)],
        )
        for slab in cursor.fetchall():
            _place(found, filters, *slab)
    return found


def _place(found: Columns, filters: Filters, programme: int, first: date, *rest: Any) -> None:
    """Put one slab where it belongs: whole, as a window (joined to the one before it), or nowhere."""
    since, until, stale = rest
    last = slab_of(first)[1] - timedelta(days=1)
    if (filters.until is not None and first > filters.until) or (filters.since is not None and last < filters.since):
        return
    begun = filters.since is not None and first < filters.since
    ended = filters.until is not None and last > filters.until
    if not (stale or begun or ended):
        found.whole.setdefault(programme, []).append(first)
        return
    if begun and filters.since is not None:
        since = filters.starts(filters.since)
    if ended and filters.until is not None:
        until = filters.starts(filters.until + timedelta(days=1))
    if found.windows and found.windows[-1][0] == programme and found.windows[-1][2] == since:
        since = found.windows.pop()[1]
    found.windows.append((programme, since, until))


def _kinds(filters: Filters) -> dict[str, int | str]:
    """Give the columns that are narrowed; what has an unknown slug is no loop's."""
    kinds: dict[str, int | str] = {}
    for column, model, slug in (
        ("component_id", Component, filters.component),
        ("platform_id", Platform, filters.platform),
        ("team_id", Team, filters.team),
    ):
        if slug:
            kinds[column] = model.objects.filter(slug=slug).values_list("pk", flat=True).first() or -1
    if filters.severity:
        kinds["severity"] = filters.severity
    if filters.passes is not None:
        kinds["passes"] = filters.passes
    return kinds

"""The first report: how long loops take and where the time goes, exactly, for whatever the reader may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Count, F, Q, Sum, Window
from django.db.models.functions import Coalesce, RowNumber, TruncMonth, TruncQuarter, TruncWeek
from django.utils.translation import gettext

from foundation.accounts.actors import Actor
from foundation.kit import clock
from foundation.kit.errors import Unavailable
from rnd.cycles.clock import DEFINITION
from rnd.cycles.clock.stages import Stage
from rnd.cycles.facts.days import following
from rnd.cycles.facts.sums import Sums, add_up
from rnd.cycles.filters import Filters
from rnd.cycles.models import STAGE_COLUMNS, Loop
from rnd.cycles.querysets import LoopQuerySet
from rnd.cycles.statistics.figures import FEWEST, PERCENTILES, Percentile, ranks

TRUNCATE: Final[Mapping[str, type[TruncWeek | TruncMonth | TruncQuarter]]] = {
    "week": TruncWeek, "month": TruncMonth, "quarter": TruncQuarter,
}  # fmt: skip
# Rather than figures from two moments, the report is read again when something changed in between.
TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Place:
    """A percentile, and the ticket that has this value."""

    percentile: Percentile
    ticket_id: int | None


@dataclass(frozen=True, slots=True)
class ComponentSums:
    """One component's part of the report."""

    slug: str
    name: str
    sums: Sums


@dataclass(frozen=True, slots=True)
class PeriodSums:
    """The part of the report that finished from day `first` to day `last`, both included."""

    first: date
    last: date
    sums: Sums


@dataclass(frozen=True, slots=True)
class Summary:
    """A whole report. `left_out` counts by reason what statistics do not count; open tickets are not in it."""

    filters: Filters
    as_of: datetime
    sums: Sums
    places: Sequence[Place]
    components: Sequence[ComponentSums]
    periods: Sequence[PeriodSums]
    still_open: int
    left_out: Mapping[str, int]
    definition: int = DEFINITION

    @property
    def n(self) -> int:
        return self.sums.n

    @property
    def hidden(self) -> bool:
        """Tell whether there are too few loops for percentiles."""
        return self.n < FEWEST


def finished(actor: Actor, filters: Filters) -> LoopQuerySet[Loop]:
    """Give the loops that the report counts: visible, counted, and finished in the period."""
    return filters.within(filters.narrow(Loop.objects.visible_to(actor).finished()), "finished_at")


def unfinished(actor: Actor, filters: Filters) -> LoopQuerySet[Loop]:
    """Give the visible loops that still run, whatever the period: they are open now."""
    return filters.narrow(Loop.objects.visible_to(actor).unfinished())


def left_out(actor: Actor, filters: Filters) -> LoopQuerySet[Loop]:
    """Give the visible loops that statistics leave out, by when they ended (or, merged and open, were received)."""
    loops = filters.narrow(Loop.objects.visible_to(actor).left_out())
    dated: LoopQuerySet[Any] = loops.alias(dated=Coalesce("ended_at", "received_at"))
    return filters.within(dated, "dated")


def left_out_by_reason(actor: Actor, filters: Filters) -> dict[str, int]:
    """Count what is left out, by reason."""
    counts = left_out(actor, filters).order_by("excluded").values_list("excluded").annotate(n=Count("pk"))
    return dict(counts.values_list("excluded", "n"))


def summary(actor: Actor, filters: Filters) -> Summary:
    """Give the report over everything `actor` may see and the filters let through. Four queries."""
    as_of = clock.now()
    groups, places = _read(actor, filters)
    return Summary(
        filters=filters,
        as_of=as_of,
        sums=add_up(group.sums for group in groups),
        places=places,
        components=by_component(groups),
        periods=periods_of(groups, filters.period),
        still_open=unfinished(actor, filters).count(),
        left_out=left_out_by_reason(actor, filters),
    )


def by_period(actor: Actor, filters: Filters) -> list[PeriodSums]:
    """Give the sums of each week, month or quarter from the first with a finish to the last; one query."""
    return periods_of(_groups(actor, filters), filters.period)


def _read(actor: Actor, filters: Filters) -> tuple[list[Group], list[Place]]:
    """Give sums and percentiles over the same loops."""
    for _ in range(TRIES):
        groups = _groups(actor, filters)
        places = _places(finished(actor, filters), sum(group.sums.n for group in groups))
        if places is not None:
            return groups, places
    raise Unavailable("report.changing", gettext("The loops change faster than they can be read. Try again."))


@dataclass(frozen=True, slots=True)
class Group:
    """What finished of one component in one week, month or quarter, which begins on day `first`."""

    slug: str
    name: str
    first: date
    sums: Sums


def _groups(actor: Actor, filters: Filters) -> list[Group]:
    """Give the sums by component and period, in one statement: all additive figures come from the same rows."""
    period = TRUNCATE[filters.period]("finished_at", tzinfo=filters.zone)
    recorded = Q(modes_recorded=True)
    rows = (
        finished(actor, filters)
        .order_by()
        .values("component__slug", "component__name", first=period)
        .annotate(
            n=Count("pk"),
            total=Sum("total_us"),
            first_time=Count("pk", filter=Q(passes=1)),
            rework=Sum("rework_us"),
            recorded_n=Count("pk", filter=recorded),
            recorded_total=Sum("total_us", filter=recorded, default=0),
            recorded_active=Sum("active_us", filter=recorded, default=0),
            **{f"sum_{stage}": Sum(column, default=0) for stage, column in STAGE_COLUMNS.items()},
            **{f"visited_{stage}": Count(column) for stage, column in STAGE_COLUMNS.items()},
        )
    )
    return [Group(row["component__slug"], row["component__name"], row["first"].date(), _sums(row)) for row in rows]


_PLAIN: Final = ("n", "total", "first_time", "rework", "recorded_n", "recorded_total", "recorded_active")


def _sums(row: Mapping[str, Any]) -> Sums:
    return Sums(
        stages={stage: int(row[f"sum_{stage}"]) for stage in Stage},
        visited={stage: row[f"visited_{stage}"] for stage in Stage},
        **{name: int(row[name]) for name in _PLAIN},
    )


def _places(loops: LoopQuerySet[Loop], n: int) -> list[Place] | None:
    """Give the percentiles with their tickets; None where there are not n loops any more.

    PostgreSQL only sorts and counts: which rank it is, is decided here, in integers.
    """
    if n < FEWEST:
        return [Place(Percentile(p, n, None), None) for p in PERCENTILES]
    wanted = {p: ranks(n, p) for p in PERCENTILES}
    rows = (
        loops.annotate(rank=Window(RowNumber(), order_by=[F("total_us"), F("pk")]), of=Window(Count("pk")))
        .filter(rank__in={rank for some in wanted.values() for rank in some if rank is not None})
        .values_list("rank", "of", "total_us", "pk")
    )
    found = {rank: (of, total, ticket) for rank, of, total, ticket in rows}
    if any(of != n for of, _total, _ticket in found.values()) or not found:
        return None
    value = {rank: total for rank, (_of, total, _ticket) in found.items()}
    return [
        Place(
            Percentile(p, n, value[rank], None if low is None else value[low], None if high is None else value[high]),
            found[rank][2],
        )
        for p, (low, rank, high) in wanted.items()
    ]


def by_component(groups: Sequence[Group]) -> list[ComponentSums]:
    """Give the components, the one with the most time first."""
    names = {group.slug: group.name for group in groups}
    found = [
        ComponentSums(slug, name, add_up(group.sums for group in groups if group.slug == slug))
        for slug, name in names.items()
    ]
    return sorted(found, key=lambda component: (-component.sums.total, component.slug))


def periods_of(groups: Sequence[Group], by: str) -> list[PeriodSums]:
    """Give every period from the first to the last with a finish, the empty ones too."""
    if not groups:
        return []
    starts = [group.first for group in groups]
    found, day = [], min(starts)
    while day <= max(starts):
        behind = following(day, by)
        sums = add_up(group.sums for group in groups if group.first == day)
        found.append(PeriodSums(day, behind - timedelta(days=1), sums))
        day = behind
    return found

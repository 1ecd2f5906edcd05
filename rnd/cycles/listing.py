"""The loops behind a figure, as a list: which ones, in which order, each with its strip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F
from django.http import HttpRequest

from foundation.accounts.actors import Actor
from foundation.kit import clock
from foundation.kit.paging import Page, page_of
from foundation.kit.strips import Part
from rnd.cycles import reports
from rnd.cycles.analysis.chances import AT_RISK, MISSED, UNKNOWN
from rnd.cycles.analysis.outlooks import with_outlook
from rnd.cycles.analysis.stages import in_band
from rnd.cycles.clock.moments import MICROSECOND
from rnd.cycles.clock.stages import Stage
from rnd.cycles.filters import Filters
from rnd.cycles.models import STAGE_COLUMNS, Loop
from rnd.cycles.queries import loops_of
from rnd.cycles.querysets import LoopQuerySet

FINISHED: Final = "finished"
OPEN: Final = "open"
LEFT_OUT: Final = "left_out"
COUNTED: Final = 10_000
# Why a ticket can be left out.
REASONS: Final = ("merged", "rejected", "answered", "no_fault_found", "wont_fix")
# What can be expected of the service level of an open ticket, as far as that is a way to look for it.
OUTLOOKS: Final = (MISSED, AT_RISK, UNKNOWN)
RECORDED: Final = "recorded"
UNRECORDED: Final = "unrecorded"
BAND: Final = "p80-p90"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which loops a list shows: those of a report's filters, and of these what stands behind one figure.

    `show` is finished, open, left_out or one of REASONS; `stage` keeps what came through a stage (of open ones: what is
    in it now), `outlook` of open ones those with one of OUTLOOKS, `work` those whose work was recorded or was not, and
    `band` of finished ones those from the p80 to the p90; totals from `at_least` to below `under` are in microseconds;
    `sort` is newest, longest or shortest (of `stage`, where one is given).
    """

    filters: Filters
    show: str = FINISHED
    stage: str = ""
    outlook: str = ""
    work: str = ""
    band: str = ""
    at_least: int | None = None
    under: int | None = None
    sort: str = "newest"

    def query(self, **changes: str) -> str:
        """Give the query string of this list, with some changed."""
        own = {"show": "" if self.show == FINISHED else self.show}
        own |= {name: getattr(self, name) for name in ("stage", "outlook", "work", "band")}
        own["sort"] = "" if self.sort == "newest" else self.sort
        own["at_least"] = "" if self.at_least is None else str(self.at_least)
        own["under"] = "" if self.under is None else str(self.under)
        return self.filters.query(**{**own, **changes})


@dataclass(frozen=True, slots=True)
class Row:
    """One loop of the list. `total_us` counts an open one up to now."""

    loop: Loop
    strip: Sequence[Part]
    total_us: int


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list. `n` counts all of it, up to COUNTED and one more."""

    rows: Sequence[Row]
    page: Page[Loop]
    n: int

    @property
    def is_longer(self) -> bool:
        """Tell whether there are more than are counted."""
        return self.n > COUNTED


def loops(actor: Actor, asked: Asked) -> LoopQuerySet[Any]:
    """Give the loops that a list shows, in its order (always the same for the same facts)."""
    found = _shown(actor, asked)
    column = STAGE_COLUMNS[Stage(asked.stage)] if asked.stage else "total_us"
    if asked.stage and asked.show == OPEN:
        found = found.filter(current_stage=asked.stage)
    elif asked.stage:
        found = found.filter(**{f"{column}__isnull": False})
    if asked.work:
        found = found.filter(modes_recorded=asked.work == RECORDED)
    if asked.at_least is not None:
        found = found.filter(total_us__gte=asked.at_least)
    if asked.under is not None:
        found = found.filter(total_us__lt=asked.under)
    return _ordered(found, asked, column)


def _shown(actor: Actor, asked: Asked) -> LoopQuerySet[Any]:
    """Give the loops of which became what is asked for."""
    match asked.show:
        case "finished":
            return in_band(actor, asked.filters) if asked.band else reports.finished(actor, asked.filters)
        case "open":
            still_open = reports.unfinished(actor, asked.filters)
            if not asked.outlook:
                return still_open
            return with_outlook(still_open, asked.outlook, actor, asked.filters, now=clock.now())
        case "left_out":
            return reports.left_out(actor, asked.filters)
        case reason:
            return reports.left_out(actor, asked.filters).filter(excluded=reason)


def _ordered(found: LoopQuerySet[Any], asked: Asked, column: str) -> LoopQuerySet[Any]:
    if asked.show == OPEN:
        # The oldest stands first either way.
        return found.order_by("started_at", "pk")
    if asked.sort == "longest":
        return found.order_by(F(column).desc(), "-pk")
    if asked.sort == "shortest":
        return found.order_by(F(column).asc(), "pk")
    return found.order_by(F("ended_at").desc(nulls_first=True), "-pk")


def loop_page(actor: Actor, asked: Asked, request: HttpRequest) -> Listing:
    """Give the page of the list that `?page=` names, with three queries."""
    found = loops(actor, asked)
    page = page_of(found.select_related("ticket", "component", "team"), request)
    n = len(page.rows) if page.is_whole else found.order_by()[: COUNTED + 1].count()
    now = clock.now()
    strips = loops_of([loop.pk for loop in page.rows], now=now)
    rows = []
    for loop in page.rows:
        running = 0 if loop.running_since is None else max(0, (now - loop.running_since) // MICROSECOND)
        rows.append(Row(loop, strips.get(loop.pk, []), loop.total_us + running))
    return Listing(rows, page, n)

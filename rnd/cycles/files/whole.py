"""All rows behind the lists that a report cuts, read a chunk at a time, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

from django.db.models import IntegerField, Q, QuerySet, Value
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from foundation.kit import clock, vocabulary
from foundation.kit.errors import Invalid, Unavailable
from foundation.kit.replicas import reading_from_replica
from rnd.cycles.analysis.quality import without_facts
from rnd.cycles.analysis.work import period_of, tasks_of
from rnd.cycles.clock import DEFINITION
from rnd.cycles.clock.moments import MICROSECOND
from rnd.cycles.clock.stages import Mode
from rnd.cycles.documents import Column
from rnd.cycles.filters import Filters
from rnd.cycles.models import Loop, TaskPart
from rnd.cycles.models.work import BLOCKED, TASK
from rnd.cycles.pages import PAGES, told
from rnd.cycles.pages.spreading import fixes, helped_columns, helped_rows
from rnd.cycles.querysets import LoopQuerySet
from rnd.cycles.rebuilding.filling import is_filled
from rnd.cycles.reports import unfinished

# What `rows` says in an address that asks for them.
ALL: Final = "all"
# So many rows are in memory at a time.
CHUNK: Final = 2000
Rows = Iterator[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Listed:
    """How many things a list has, its columns, and its rows: values by the kind of their column."""

    n: int
    columns: Sequence[Column]
    rows: Rows


@dataclass(frozen=True, slots=True)
class Whole:
    """A list and what tells how to read it. Its rows can be read once."""

    report: str
    title: str
    as_of: datetime
    n: int
    filters: Mapping[str, str]
    columns: Sequence[Column]
    rows: Rows
    definition: int = DEFINITION

    def chunks(self) -> Iterator[list[Sequence[Any]]]:
        """Give the rows, as many at a time as may be in memory, read from the replica if there is one."""
        while True:
            with reading_from_replica():
                chunk = list(islice(self.rows, CHUNK))
            if not chunk:
                return
            yield chunk


def check_whole(report: str, rows: str) -> None:
    """Raise Invalid for a report that cuts no list, and for anything but `rows=all`."""
    if report not in WHOLE or rows != ALL:
        said = _("Only these reports have lists to take along whole, with rows=all: %(reports)s.")
        raise Invalid("report.no_lists", said % {"reports": ", ".join(WHOLE)}, field="rows")


def whole(report: str, actor: Actor, filters: Filters) -> Whole:
    """Give all rows behind the lists of a report (one of WHOLE)."""
    as_of = clock.now()
    with reading_from_replica():
        found = WHOLE[report](actor, filters, as_of)
    return Whole(report, str(PAGES[report].title), as_of, found.n, told(filters), found.columns, found.rows)


def open_tickets(actor: Actor, filters: Filters, as_of: datetime) -> Listed:
    """Give every open ticket, the oldest first."""
    loops = unfinished(actor, filters)
    columns = [
        Column("ticket", _("Ticket"), "ticket"),
        Column("title", _("Title")),
        Column("severity", _("Severity"), "severity"),
        Column("team", _("Team")),
        Column("stage", _("Stage"), "stage"),
        Column("since", _("Seen in the field"), "moment"),
        Column("age_us", _("Age"), "us"),
        Column("stage_since", _("In the stage since"), "moment"),
        Column("stage_age_us", _("In the stage"), "us"),
    ]
    return Listed(loops.count(), columns, _open_tickets(loops, as_of))


def _open_tickets(loops: LoopQuerySet[Loop], as_of: datetime) -> Rows:
    columns = "pk", "ticket__title", "severity", "team__name", "current_stage", "started_at", "current_since"
    behind = Q()
    while chunk := list(loops.filter(behind).order_by("started_at", "pk").values_list(*columns)[:CHUNK]):
        for pk, title, severity, team, stage, since, stage_since in chunk:
            entered = stage_since or since
            age, stage_age = (max(0, (as_of - began) // MICROSECOND) for began in (since, entered))
            yield pk, title, severity, team, stage, since, age, entered, stage_age
        behind = Q(started_at__gt=chunk[-1][5]) | Q(started_at=chunk[-1][5], pk__gt=chunk[-1][0])


def work_of_tasks(actor: Actor, filters: Filters, as_of: datetime) -> Listed:
    """Give what is counted of every task in the period: its time by stage and team, hand-overs, blocks."""
    if not is_filled(TaskPart.objects.all().db):
        raise Unavailable("report.filling", _("The work of earlier tasks is still being put together. Try again soon."))
    since, until = period_of(filters, as_of)
    here = Q(at__gte=since) | Q(kind=BLOCKED, until__isnull=True) | Q(kind=BLOCKED, until__gt=since)
    parts = TaskPart.objects.filter(here, at__lt=until).exclude(kind=TASK)
    every = tasks_of(actor, filters)
    columns = [
        Column("task", _("Task"), "task"),
        Column("what", _("What")),
        Column("at", _("When"), "moment"),
        Column("until", _("Until"), "moment"),
        Column("team", _("Team")),
        Column("to_team", _("To team")),
        Column("reason", _("Reason")),
        Column("us", _("Time"), "us"),
        *(Column(f"{mode.value}_us", str(vocabulary.word("mode", mode.value).label), "us") for mode in Mode),
    ]
    return Listed(every.distinct().count(), columns, _work_of_tasks(every, parts))


def _work_of_tasks(every: QuerySet[Any, int], parts: QuerySet[TaskPart]) -> Rows:
    teams = dict(Team.objects.values_list("pk", "name"))
    last = 0
    while chunk := list(every.filter(pk__gt=last).order_by("pk").distinct()[:CHUNK]):
        for part in parts.filter(task_id__in=chunk).order_by("task_id", "at", "kind", "team_id"):
            modes = [getattr(part, f"{mode.value}_us") for mode in Mode]
            team, other = teams.get(part.team_id), teams.get(part.other_id or 0)
            yield part.task_id, part.kind, part.at, part.until, team, other, part.reason, part.us, *modes
        last = chunk[-1]


def doubtful_tickets(actor: Actor, filters: Filters, as_of: datetime) -> Listed:
    """Give every ticket that data quality counts, the newest of each kind first."""
    loops, nothing = filters.narrow(Loop.objects.visible_to(actor)), Value(None, output_field=IntegerField())
    named = "pk", "ticket__title", "ticket__team__name"
    kinds: dict[str, QuerySet[Any, tuple[Any, ...]]] = {
        "moved": loops.filter(moved_entries__gt=0).values_list(*named, "moved_entries"),
        "unrecorded": loops.finished().filter(modes_recorded=False).values_list(*named, nothing),
        "without_loop": without_facts(actor, filters).values_list("pk", "title", "team__name", nothing),
    }
    columns = [
        Column("what", _("What")),
        Column("ticket", _("Ticket"), "ticket"),
        Column("title", _("Title")),
        Column("team", _("Team")),
        Column("moved_entries", _("Moved entries"), "count"),
    ]
    return Listed(sum(some.count() for some in kinds.values()), columns, _doubtful(kinds))


def _doubtful(kinds: dict[str, QuerySet[Any, tuple[Any, ...]]]) -> Rows:
    for kind, some in kinds.items():
        newest = some.order_by("-pk")
        chunk = list(newest[:CHUNK])
        while chunk:
            yield from ((kind, *row) for row in chunk)
            chunk = list(newest.filter(pk__lt=chunk[-1][0])[:CHUNK])


def every_fix(actor: Actor, filters: Filters, as_of: datetime) -> Listed:
    """Give for every fix of the period whether its fault was reported less often, the newest first."""
    fixed = fixes(actor, filters)
    return Listed(fixed.count(), helped_columns(), _every_fix(actor, fixed, as_of))


def _every_fix(actor: Actor, fixed: LoopQuerySet[Loop], as_of: datetime) -> Rows:
    behind = Q()
    while chunk := list(fixed.filter(behind).values_list("finished_at", "pk")[:CHUNK]):
        yield from (row.values for row in helped_rows(actor, [pk for _at, pk in chunk], now=as_of))
        at, last = chunk[-1]
        behind = Q(finished_at__lt=at) | Q(finished_at=at, pk__lt=last)


WHOLE: Final[dict[str, Callable[[Actor, Filters, datetime], Listed]]] = {
    "ageing": open_tickets,
    "engineering": work_of_tasks,
    "quality": doubtful_tickets,
    "releases": every_fix,
}

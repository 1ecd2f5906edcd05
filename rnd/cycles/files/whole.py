"""All rows behind the lists that a report cuts, as CSV that is written while it is read: a chunk at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from foundation.kit import clock
from foundation.kit.errors import Unavailable
from foundation.kit.tables import safe_cell
from frontline_feedback import keys as tickets
from rnd.cycles.analysis.quality import without_facts
from rnd.cycles.analysis.work import period_of, tasks_of
from rnd.cycles.clock import DEFINITION
from rnd.cycles.filling import is_filled
from rnd.cycles.filters import Filters
from rnd.cycles.models import Loop, TaskPart
from rnd.cycles.models_work import BLOCKED, TASK
from rnd.cycles.moments import MICROSECOND
from rnd.cycles.querysets import LoopQuerySet
from rnd.cycles.reports import unfinished
from rnd.engineering import keys as tasks

# So many rows are in memory at a time.
CHUNK: Final = 2000
Rows = Iterator[list[Any]]


@dataclass(frozen=True, slots=True)
class Whole:
    """How many things a list has, its columns, and its rows."""

    n: int
    columns: list[str]
    rows: Rows


def open_tickets(actor: Actor, filters: Filters, as_of: datetime) -> Whole:
    """Give every open ticket, the oldest first."""
    loops = unfinished(actor, filters)
    columns = ["ticket", "title", "severity", "team", "stage", "since", "age_us", "stage_since", "stage_age_us"]
    return Whole(loops.count(), columns, _open_tickets(loops, as_of))


def _open_tickets(loops: LoopQuerySet[Loop], as_of: datetime) -> Rows:
    told = "pk", "ticket__title", "severity", "team__name", "current_stage", "started_at", "current_since"
    behind = Q()
    while chunk := list(loops.filter(behind).order_by("started_at", "pk").values_list(*told)[:CHUNK]):
        for pk, title, severity, team, stage, since, stage_since in chunk:
            entered = stage_since or since
            ages = [max(0, (as_of - began) // MICROSECOND) for began in (since, entered)]
            yield [
                tickets.key_of(pk), safe_cell(title), severity, safe_cell(team), stage, since.isoformat(), ages[0],
                entered.isoformat(), ages[1],
            ]  # fmt: skip
        behind = Q(started_at__gt=chunk[-1][5]) | Q(started_at=chunk[-1][5], pk__gt=chunk[-1][0])


def work_of_tasks(actor: Actor, filters: Filters, as_of: datetime) -> Whole:
    """Give what is counted of every task in the period: its time by stage and team, hand-overs, blocks."""
    if not is_filled(TaskPart.objects.all().db):
        raise Unavailable("report.filling", _("The work of earlier tasks is still being put together. Try again soon."))
    since, until = period_of(filters, as_of)
    here = Q(at__gte=since) | Q(kind=BLOCKED, until__isnull=True) | Q(kind=BLOCKED, until__gt=since)
    parts = TaskPart.objects.filter(here, at__lt=until).exclude(kind=TASK)
    every = tasks_of(actor, filters)
    columns = [
        "task", "what", "at", "until", "team", "to_team", "reason", "us", "active_us", "waiting_us", "blocked_us",
    ]  # fmt: skip
    return Whole(every.distinct().count(), columns, _work_of_tasks(every, parts))


def _work_of_tasks(every: QuerySet[Any, int], parts: QuerySet[TaskPart]) -> Rows:
    teams = dict(Team.objects.values_list("pk", "name"))
    last = 0
    while chunk := list(every.filter(pk__gt=last).order_by("pk").distinct()[:CHUNK]):
        for part in parts.filter(task_id__in=chunk).order_by("task_id", "at", "kind", "team_id"):
            yield [
                tasks.key_of(part.task_id), part.kind, part.at.isoformat(), part.until and part.until.isoformat(),
                safe_cell(teams.get(part.team_id, "")), safe_cell(teams.get(part.other_id or 0, "")),
                safe_cell(part.reason or ""), part.us, part.active_us, part.waiting_us, part.blocked_us,
            ]  # fmt: skip
        last = chunk[-1]


def doubtful_tickets(actor: Actor, filters: Filters, as_of: datetime) -> Whole:
    """Give every ticket that data quality counts, the newest of each kind first."""
    loops = filters.narrow(Loop.objects.visible_to(actor))
    kinds: dict[str, QuerySet[Any]] = {
        "moved": loops.filter(moved_entries__gt=0),
        "unrecorded": loops.finished().filter(modes_recorded=False),
        "without_loop": without_facts(actor, filters),
    }
    return Whole(sum(some.count() for some in kinds.values()), ["what", "ticket"], _doubtful(kinds))


def _doubtful(kinds: dict[str, QuerySet[Any]]) -> Rows:
    for kind, some in kinds.items():
        newest = some.order_by("-pk").values_list("pk", flat=True)
        chunk = list(newest[:CHUNK])
        while chunk:
            yield from ([kind, tickets.key_of(pk)] for pk in chunk)
            chunk = list(newest.filter(pk__lt=chunk[-1])[:CHUNK])


WHOLE: Final[dict[str, Callable[[Actor, Filters, datetime], Whole]]] = {
    "ageing": open_tickets,
    "engineering": work_of_tasks,
    "quality": doubtful_tickets,
}


def whole_csv(report: str, actor: Actor, filters: Filters, asked: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Give the text piece by piece: first what it is, then every row."""
    as_of = clock.now()
    whole = WHOLE[report](actor, filters, as_of)
    head: list[list[Any]] = [
        ["report", report], ["as_of", as_of.isoformat()], ["definition", DEFINITION], ["n", whole.n],
        *([f"filter {name}", safe_cell(value)] for name, value in asked), [], whole.columns,
    ]  # fmt: skip
    return _written(head, whole.rows)


def _written(head: Iterable[list[Any]], rows: Rows) -> Iterator[str]:
    text = io.StringIO()
    out = csv.writer(text)
    # The mark lets a spreadsheet see that it is UTF-8.
    text.write("\ufeff")
    out.writerows(head)
    for number, row in enumerate(rows, start=1):
        out.writerow(row)
        if number % CHUNK == 0:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()

"""What stands behind the figures: entries that were moved, tickets that are left out, gaps."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import connections, router, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from foundation.accounts.actors import Actor
from frontline_feedback.models import Ticket
from rnd.cycles.analysis.finished import Finished
from rnd.cycles.analysis.flow import still_open
from rnd.cycles.clock import DEFINITION
from rnd.cycles.filters import Filters
from rnd.cycles.models import Loop
from rnd.cycles.querysets import LoopQuerySet

MOST: int = 100
# So many tickets without facts are looked for by number.
FEW: int = 1000
# Among the newest so many.
NEWEST: int = 10_000
# How many tickets have no loop: each that counts came into transit once, and the flow has counted it then.
_MISSING: Final = (
    "SELECT (SELECT count(*) FROM frontline_feedback_ticket) - (SELECT coalesce(sum(transit), 0) FROM cycles_flow) "
    "- (SELECT count(*) FROM cycles_loop WHERE excluded <> '')"
)
_NEWEST_WITHOUT_LOOP: Final = (
    "SELECT t.id FROM frontline_feedback_ticket t WHERE t.id > (SELECT max(id) FROM frontline_feedback_ticket) - %s "
    "AND NOT EXISTS (SELECT FROM cycles_loop l WHERE l.ticket_id = t.id) LIMIT %s"
)
_WITHOUT_LOOP: Final = (
    "SELECT t.id FROM frontline_feedback_ticket t "
    "WHERE NOT EXISTS (SELECT FROM cycles_loop l WHERE l.ticket_id = t.id) LIMIT %s"
)


@dataclass(frozen=True, slots=True)
class Quality:
    """Counts, and the tickets behind each (the newest, at most MOST).

    `moved`: with entries that do not count at the time they claim, and how many of them. `unrecorded`: finished without
    anyone having marked who worked or what blocked. `without_loop`: no facts yet. `old_definition`: computed by an
    older clock. `named`: of each of these tickets its title and its team.
    """

    loops: int
    moved_entries: int
    moved: Mapping[int, int]
    moved_n: int
    unrecorded: Sequence[int]
    unrecorded_n: int
    without_loop: Sequence[int]
    without_loop_n: int
    old_definition: int
    left_out: Mapping[str, int]
    named: Mapping[int, tuple[str, str]]


def quality(actor: Actor, filters: Filters) -> Quality:
    """Count the visible loops that the filters (but not the period) let through, each kind where its index knows it."""
    loops = filters.narrow(Loop.objects.visible_to(actor))
    finished_n, recorded_n = Finished(actor, filters.but(since=None, until=None)).recorded()
    left_out = _left_out(loops, filters)
    moved = loops.filter(moved_entries__gt=0)
    shifted = moved.order_by().aggregate(n=Count("pk"), entries=Sum("moved_entries", default=0))
    unrecorded_n = finished_n - recorded_n
    missing = without_facts(actor, filters)
    without_loop = list(missing.order_by("-pk").values_list("pk", flat=True)[:MOST])
    newest = _newest(moved, shifted["n"])
    unrecorded = _newest(loops.finished().filter(modes_recorded=False), unrecorded_n)
    return Quality(
        loops=finished_n + still_open(actor, filters) + sum(n for n, _in_period in left_out.values()),
        moved_entries=shifted["entries"],
        moved={loop.pk: loop.moved_entries for loop in newest},
        moved_n=shifted["n"],
        unrecorded=[loop.pk for loop in unrecorded],
        unrecorded_n=unrecorded_n,
        without_loop=without_loop,
        without_loop_n=len(without_loop) if len(without_loop) < MOST else missing.count(),
        old_definition=loops.exclude(definition=DEFINITION).count(),
        left_out={reason: in_period for reason, (_n, in_period) in sorted(left_out.items()) if in_period},
        named=_named([*(loop.pk for loop in (*newest, *unrecorded)), *without_loop]),
    )


def _left_out(loops: LoopQuerySet[Loop], filters: Filters) -> dict[str, tuple[int, int]]:
    """Count what is left out, by reason: all of it, and what ended (or was received) in the period."""
    dated = Q(pk__isnull=False)
    if filters.since is not None:
        dated &= Q(dated__gte=filters.starts(filters.since))
    if filters.until is not None:
        dated &= Q(dated__lt=filters.starts(filters.until + timedelta(days=1)))
    rows = (
        loops.left_out()
        .order_by()
        .alias(dated=Coalesce("ended_at", "received_at"))
        .values("excluded")
        .annotate(n=Count("pk"), in_period=Count("pk", filter=dated))
    )
    return {row["excluded"]: (row["n"], row["in_period"]) for row in rows}


def without_facts(actor: Actor, filters: Filters) -> QuerySet[Ticket]:
    """Give the visible tickets of the programme that have no loop: hardly any, and those are new."""
    tickets = Ticket.objects.visible_to(actor)
    if filters.programme:
        tickets = tickets.filter(programme__slug=filters.programme)
    using = router.db_for_read(Loop)
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        found = _without_facts(cursor)
    return tickets.filter(pk__in=found) if len(found) <= FEW else tickets.filter(loop__isnull=True)


def _without_facts(cursor: CursorWrapper) -> list[int]:
    """Give the numbers of all tickets without a loop, or of more than FEW of them.

    They are counted, and looked for among the newest. If there are more, both tables are compared by nothing but their
    numbers, in order, out of the indexes.
    """
    cursor.execute(_MISSING)
    missing = cursor.fetchone()[0]
    found: list[int] = []
    for query, params in ((_NEWEST_WITHOUT_LOOP, [NEWEST, FEW + 1]), (_WITHOUT_LOOP, [FEW + 1])):
        if len(found) < missing:
            # Several processes would hash what one only has to merge.
            cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
            cursor.execute(query, params)
            found = [pk for (pk,) in cursor.fetchall()]
    return found


def _newest(loops: LoopQuerySet[Loop], n: int) -> list[Loop]:
    return list(loops.order_by("-pk").only("pk", "moved_entries")[:MOST]) if n else []


def _named(tickets: Collection[int]) -> dict[int, tuple[str, str]]:
    if not tickets:
        return {}
    rows = Ticket.objects.filter(pk__in=tickets).values_list("pk", "title", "team__name")
    return {pk: (title, team) for pk, title, team in rows}

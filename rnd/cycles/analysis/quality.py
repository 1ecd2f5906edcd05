"""What stands behind the figures: entries that were moved, tickets that are left out, gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from foundation.accounts.actors import Actor
from frontline_feedback.models import Ticket
from rnd.cycles.clock import DEFINITION
from rnd.cycles.filters import Filters
from rnd.cycles.models import Loop
from rnd.cycles.querysets import LoopQuerySet

MOST: int = 100


@dataclass(frozen=True, slots=True)
class Quality:
    """Counts, and the tickets behind each (the newest, at most MOST).

    `moved`: with entries that do not count at the time they claim. `unrecorded`: finished without anyone having marked
    who worked or what blocked. `without_loop`: no facts yet. `old_definition`: computed by an older clock.
    """

    loops: int
    moved_entries: int
    moved: Sequence[int]
    moved_n: int
    unrecorded: Sequence[int]
    unrecorded_n: int
    without_loop: Sequence[int]
    without_loop_n: int
    old_definition: int
    left_out: Mapping[str, int]


def quality(actor: Actor, filters: Filters) -> Quality:
    """Look over the visible loops that the filters (but not the period) let through, once for all counts."""
    loops = filters.narrow(Loop.objects.visible_to(actor))
    moved, unrecorded = Q(moved_entries__gt=0), Q(excluded="", finished_at__isnull=False, modes_recorded=False)
    dated = Q(pk__isnull=False)
    if filters.since is not None:
        dated &= Q(dated__gte=filters.starts(filters.since))
    if filters.until is not None:
        dated &= Q(dated__lt=filters.starts(filters.until + timedelta(days=1)))
    rows = list(
        loops.order_by()
        .alias(dated=Coalesce("ended_at", "received_at"))
        .values("excluded")
        .annotate(
            n=Count("pk"),
            moved_sum=Sum("moved_entries", default=0),
            moved_n=Count("pk", filter=moved),
            unrecorded_n=Count("pk", filter=unrecorded),
            old=Count("pk", filter=~Q(definition=DEFINITION)),
            in_period=Count("pk", filter=dated),
        )
    )
    found = {name: sum(row[name] for row in rows) for name in ("n", "moved_sum", "moved_n", "unrecorded_n", "old")}
    missing = Ticket.objects.visible_to(actor).filter(loop__isnull=True)
    if filters.programme:
        missing = missing.filter(programme__slug=filters.programme)
    without_loop = list(missing.order_by("-pk").values_list("pk", flat=True)[:MOST])
    return Quality(
        loops=found["n"],
        moved_entries=found["moved_sum"],
        moved=_newest(loops.filter(moved), found["moved_n"]),
        moved_n=found["moved_n"],
        unrecorded=_newest(loops.filter(unrecorded), found["unrecorded_n"]),
        unrecorded_n=found["unrecorded_n"],
        without_loop=without_loop,
        # Hardly ever is there one, and to look for them once is dear enough.
        without_loop_n=len(without_loop) if len(without_loop) < MOST else missing.count(),
        old_definition=found["old"],
        left_out={
            row["excluded"]: row["in_period"]
            for row in sorted(rows, key=lambda row: str(row["excluded"]))
            if row["excluded"] and row["in_period"]
        },
    )


def _newest(loops: LoopQuerySet[Loop], n: int) -> list[int]:
    return list(loops.order_by("-pk").values_list("pk", flat=True)[:MOST]) if n else []

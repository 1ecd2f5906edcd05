"""What stands behind the figures: entries that were moved, tickets that are left out, gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Sum

from foundation.accounts.actors import Actor
from frontline_feedback.models import Ticket
from rnd.cycles.clock import DEFINITION
from rnd.cycles.filters import Filters
from rnd.cycles.models import Loop
from rnd.cycles.reports import left_out

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
    """Look over the visible loops that the filters (but not the period) let through."""
    loops = filters.narrow(Loop.objects.visible_to(actor)).order_by("-pk")
    moved = loops.filter(moved_entries__gt=0)
    unrecorded = loops.filter(excluded="", finished_at__isnull=False, modes_recorded=False)
    missing = Ticket.objects.visible_to(actor).filter(loop__isnull=True)
    if filters.programme:
        missing = missing.filter(programme__slug=filters.programme)
    reasons = left_out(actor, filters).order_by("excluded").values_list("excluded").annotate(n=Count("pk"))
    return Quality(
        loops=loops.count(),
        moved_entries=moved.aggregate(n=Sum("moved_entries", default=0))["n"],
        moved=list(moved.values_list("pk", flat=True)[:MOST]),
        moved_n=moved.count(),
        unrecorded=list(unrecorded.values_list("pk", flat=True)[:MOST]),
        unrecorded_n=unrecorded.count(),
        without_loop=list(missing.order_by("-pk").values_list("pk", flat=True)[:MOST]),
        without_loop_n=missing.count(),
        old_definition=loops.exclude(definition=DEFINITION).count(),
        left_out=dict(reasons.values_list("excluded", "n")),
    )

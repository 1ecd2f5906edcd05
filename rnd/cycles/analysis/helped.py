"""Did it help: how often a fault was reported for each installed team-week, before and after its release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from django.db.models import Min, Q

from foundation.accounts.actors import Actor
from foundation.kit import clock
from frontline_feedback.models import Ticket
from releases.models import Installation
from rnd.cycles.analysis.intervals import RateRatio, rate_ratio
from rnd.cycles.models import Loop
from rnd.cycles.moments import MICROSECOND

WINDOW: Final = timedelta(weeks=8)
_WEEK: Final = 7 * 86_400_000_000


@dataclass(frozen=True, slots=True)
class Helped:
    """One fault (a ticket with its duplicates) and the release that fixed it.

    Each team that installed the release counts with the weeks before its installation and those after it, at most
    eight on either side; `reports` are the tickets of the fault that such a team saw in these weeks.
    """

    ticket_id: int
    release_id: int
    teams: Sequence[int]
    reports: Sequence[int]
    rates: RateRatio


def did_it_help(actor: Actor, ticket: Ticket, *, now: datetime | None = None) -> Helped | None:
    """Compare the reports of the ticket's fault before and after; None while no verdict says that it is fixed."""
    as_of = now or clock.now()
    canonical = ticket.canonical_id or ticket.pk
    loop = Loop.objects.visible_to(actor).filter(pk=canonical, fixed_by__isnull=False).first()
    if loop is None or loop.fixed_by_id is None:
        return None
    installed = dict(
        Installation.objects.visible_to(actor)
        .filter(release=loop.fixed_by_id, installed_at__lt=as_of)
        .values_list("team")
        .annotate(first=Min("installed_at"))
    )
    group = Ticket.objects.visible_to(actor).filter(Q(pk=canonical) | Q(canonical=canonical), team__in=installed)
    counts, reports = [0, 0], []
    for pk, team, seen in group.order_by("pk").values_list("pk", "team", "seen_at"):
        at = installed[team]
        if at - WINDOW <= seen < min(at + WINDOW, as_of):
            counts[seen >= at] += 1
            reports.append(pk)
    before = Fraction(len(installed) * (WINDOW // MICROSECOND), _WEEK)
    after = Fraction(sum(min(WINDOW, as_of - at) // MICROSECOND for at in installed.values()), _WEEK)
    rates = rate_ratio(counts[0], before, counts[1], after)
    return Helped(canonical, loop.fixed_by_id, sorted(installed), reports, rates)

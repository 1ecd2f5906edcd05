"""Did it help: how often a fault was reported for each installed team-week, before and after its release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
from rnd.cycles.clock.moments import MICROSECOND
from rnd.cycles.models import Loop

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
    return next(iter(did_they_help(actor, [ticket.canonical_id or ticket.pk], now=now)), None)


def did_they_help(actor: Actor, tickets: Sequence[int], *, now: datetime | None = None) -> list[Helped]:
    """Compare for each of these tickets (none of them a duplicate) that is fixed, in their order. Three queries."""
    as_of = now or clock.now()
    fixed: dict[int, int | None] = dict(
        Loop.objects.visible_to(actor)
        .filter(pk__in=list(tickets), fixed_by__isnull=False)
        .values_list("pk", "fixed_by")
    )
    installed: dict[int, dict[int, datetime]] = defaultdict(dict)
    firsts = Installation.objects.visible_to(actor).filter(release__in=set(fixed.values()), installed_at__lt=as_of)
    for release, team, first in firsts.values_list("release", "team").annotate(first=Min("installed_at")):
        installed[release][team] = first
    reported: dict[int, list[tuple[int, int, datetime]]] = defaultdict(list)
    groups = Ticket.objects.visible_to(actor).filter(Q(pk__in=fixed) | Q(canonical__in=fixed)).order_by("pk")
    for pk, canonical, team, seen in groups.values_list("pk", "canonical", "team", "seen_at"):
        reported[canonical or pk].append((pk, team, seen))
    return [
        _compared(pk, release, installed[release], reported[pk], as_of)
        for pk in tickets
        if (release := fixed.get(pk)) is not None
    ]


def _compared(
    ticket: int,
    release: int,
    installed: Mapping[int, datetime],
    reported: Iterable[tuple[int, int, datetime]],
    as_of: datetime,
) -> Helped:
    counts, reports = [0, 0], []
    for pk, team, seen in reported:
        at = installed.get(team)
        if at is not None and at - WINDOW <= seen < min(at + WINDOW, as_of):
            counts[seen >= at] += 1
            reports.append(pk)
    before = Fraction(len(installed) * (WINDOW // MICROSECOND), _WEEK)
    after = Fraction(sum(min(WINDOW, as_of - at) // MICROSECOND for at in installed.values()), _WEEK)
    rates = rate_ratio(counts[0], before, counts[1], after)
    return Helped(ticket, release, sorted(installed), reports, rates)

"""What is to be expected of the service levels of open tickets, and which tickets that is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Programme
from rnd.cycles import levels
from rnd.cycles.analysis.chances import AT_RISK, MISSED, UNKNOWN, Alike, alike
from rnd.cycles.analysis.finished import Finished
from rnd.cycles.clock.moments import MICROSECOND
from rnd.cycles.filters import Filters
from rnd.cycles.models import Loop
from rnd.cycles.querysets import LoopQuerySet

# The service levels by programme and severity, with the loops that they are judged by.
Alikes = Mapping[tuple[int, str], Alike]


def promised_for(still_open: LoopQuerySet[Loop], every: Finished) -> Alikes:
    """Give the promises for what is open; they are judged by `every` loop that the filters let through, at any time."""
    found = {}
    programmes = still_open.order_by().values("programme").distinct()
    for programme in Programme.objects.filter(pk__in=list(programmes.values_list("programme", flat=True))):
        for severity, level in sorted(levels.service_levels(programme.pk).items()):
            if every.lets_through(severity):
                found[programme.pk, severity] = alike(every.alike(programme, severity), level)
    return found


def judged_by(actor: Actor, filters: Filters) -> Finished:
    """Give the loops that promises are judged by: finished ones, at any time."""
    return Finished(actor, filters.but(since=None, until=None))


def of_outlook(outlook: str, some: Alike, as_of: datetime) -> Q:
    """Ask for the tickets with an outlook (MISSED, AT_RISK or UNKNOWN), of those that a service level is for."""
    missed = Q(started_at__lt=as_of - MICROSECOND * some.limit_us)
    few, risky = _as_long(as_of, some.few_from), _as_long(as_of, some.risky_from)
    return {MISSED: missed, UNKNOWN: ~missed & few, AT_RISK: ~missed & ~few & risky}[outlook]


def with_outlook(
    still_open: LoopQuerySet[Loop], outlook: str, actor: Actor, filters: Filters, *, now: datetime
) -> LoopQuerySet[Loop]:
    """Keep the open loops with this outlook (MISSED, AT_RISK or UNKNOWN): the very ones that `ageing.ages` counts."""
    found = Q(pk__in=[])
    for (programme, severity), some in promised_for(still_open, judged_by(actor, filters)).items():
        found |= Q(programme=programme, severity=severity) & of_outlook(outlook, some, now)
    return still_open.filter(found)


def _as_long(as_of: datetime, length: int | None) -> Q:
    """Ask for what began so long ago or longer; nothing is as long as None, and what is yet to begin lasts 0."""
    if length is None:
        return Q(pk__in=[])
    return ~Q(pk__in=[]) if length <= 0 else Q(started_at__lte=as_of - MICROSECOND * length)

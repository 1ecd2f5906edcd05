"""Which reports the roll-ups by week and month can answer, and what they hold for them."""

from __future__ import annotations

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Component, Programme
from frontline_feedback.policies import STAFF
from rnd.cycles.facts import spans
from rnd.cycles.filters import Filters
from rnd.cycles.models import Span


def only_programme(actor: Actor, filters: Filters) -> Programme | None:
    """Give the programme that a report is about: the one asked for, or the only one that the actor may see."""
    programmes = Programme.objects.visible_to(actor)
    if filters.programme:
        return programmes.filter(slug=filters.programme).first()
    found = list(programmes[:2])
    return found[0] if len(found) == 1 else None


def rolled_up_spans(actor: Actor, filters: Filters) -> list[spans.Figures] | None:
    """Give the weeks or months in which anything finished, where they hold exactly the loops that are asked for."""
    whole = filters.since is None and filters.until is None and filters.period in Span.By.values
    programme = only_programme(actor, filters)
    if filters.of_tickets or not whole or programme is None:
        return None
    if not (actor.is_system or programme.pk in actor.programmes(*STAFF)) or str(filters.zone) != programme.time_zone:
        return None
    component = None
    if filters.component:
        component = Component.objects.filter(slug=filters.component).values_list("pk", flat=True).first()
    read = spans.read(programme.pk, programme.time_zone, filters.period, component, since=None, until=None)
    return [found for found in read if found.sums.n]

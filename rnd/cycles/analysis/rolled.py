"""Which reports the roll-ups by week and month can answer, and what they hold for them."""

from __future__ import annotations

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Component, Programme
from frontline_feedback.policies import STAFF
from rnd.cycles import spans
from rnd.cycles.filters import Filters


def rolled_up_spans(actor: Actor, filters: Filters) -> list[spans.Figures] | None:
    """Give the weeks or months in which anything finished, where they hold exactly the loops that are asked for."""
    whole = filters.since is None and filters.until is None
    programme = Programme.objects.visible_to(actor).filter(slug=filters.programme).first()
    if not (filters.only_component and whole and programme is not None):
        return None
    if not (actor.is_system or programme.pk in actor.programmes(*STAFF)) or str(filters.zone) != programme.time_zone:
        return None
    component = None
    if filters.component:
        component = Component.objects.filter(slug=filters.component).values_list("pk", flat=True).first()
    read = spans.read(programme.pk, programme.time_zone, filters.by, component, since=None, until=None)
    return [found for found in read if found.sums.n]

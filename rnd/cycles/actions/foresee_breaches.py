"""Tell, once for each ticket and promise, that it is about to miss its service level."""

from __future__ import annotations

from django.db import transaction

from foundation.accounts.actors import SYSTEM
from foundation.catalogue.models import Programme
from foundation.journal import record
from foundation.journal.models import Entry
from rnd.cycles.analysis.ageing import Ageing, ages
from rnd.cycles.filters import Filters
from rnd.cycles.kinds import BreachForeseen
from rnd.cycles.models import LevelWatcher


def foresee_breaches() -> int:
    """Look over the open tickets of every programme with watchers; give how many breaches were told.

    The journal says it of the ticket; whoever is named there gets a notice.
    """
    watched = LevelWatcher.objects.order_by("programme").values_list("programme", flat=True).distinct()
    return sum(_in(programme) for programme in Programme.objects.filter(pk__in=watched).order_by("pk"))


@transaction.atomic
def _in(programme: Programme) -> int:
    # Two workers would tell everything twice.
    Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    risky = ages(SYSTEM, Filters(programme=programme.slug), tickets=0, risky=None).about_to_miss
    told = set(
        Entry.objects.filter(
            subject_type="ticket", subject_id__in=[one.loop.pk for one in risky], kind="ticket.breach_foreseen"
        ).values_list("subject_id", "data__level")
    )
    people = list(LevelWatcher.objects.filter(programme=programme).order_by("user").values_list("user", flat=True))
    new = [one for one in risky if one.level is not None and (one.loop.pk, one.level.pk) not in told]
    for one in new:
        record(_said(one, people), subject=one.loop.ticket, actor=SYSTEM)
    return len(new)


def _said(one: Ageing, people: list[int]) -> BreachForeseen:
    assert one.level is not None
    assert one.level.days is not None
    made_it = int((one.chance or 0) * one.like_it)
    return BreachForeseen(level=one.level.pk, days=one.level.days, made_it=made_it, like_it=one.like_it, tell=people)

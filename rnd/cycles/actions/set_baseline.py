"""Fix the period of finished loops that a programme compares itself with."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Programme
from foundation.journal import record
from foundation.kit import clock, wording
from foundation.kit.errors import Invalid
from rnd.cycles.filters import is_countable
from rnd.cycles.kinds import BaselineSet
from rnd.cycles.locking import lock_history
from rnd.cycles.models import Baseline, ImportedCase
from rnd.cycles.recipes import forget


@transaction.atomic
def set_baseline(*, actor: Actor, programme: Programme, first: date, last: date, source: str = "") -> Baseline:
    """Add the baseline that holds from now on: what finished from `first` to `last`, both included.

    With `source`, of that imported history. Raises Forbidden, and Invalid `baseline.reversed`,
    `baseline.out_of_calendar` or `baseline.source`.
    """
    actor.require("baseline.set", programme_id=programme.pk)
    if first > last:
        said = _("The baseline would end on %(last)s, before it begins on %(first)s. Exchange the two days.")
        days = {"first": wording.day(first), "last": wording.day(last)}
        raise Invalid("baseline.reversed", said % days, field="last")
    for name, day in (("first", first), ("last", last)):
        if not is_countable(day):
            said = _("%(value)s is out of the calendar. Choose a day from 1900 to 2999.")
            raise Invalid("baseline.out_of_calendar", said % {"value": wording.day(day)}, field=name)
    if source:
        lock_history(source)
        if not ImportedCase.objects.filter(programme=programme, source=source).exists():
            said = _("The programme has no imported history “%(source)s”. Import it first, or leave the source empty.")
            raise Invalid("baseline.source", said % {"source": source}, field="source")
    baseline = Baseline.objects.create(
        programme=programme,
        first=first,
        last=last,
        source=source,
        set_by_id=actor.user_id,
        set_at=clock.now(),
    )
    record(BaselineSet(first=first, last=last, source=source), subject=programme, actor=actor)
    transaction.on_commit(partial(forget, programme.pk))
    return baseline

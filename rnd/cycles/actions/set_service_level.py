"""Promise that so many per cent of a severity's loops close within so many days, or take the promise back."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Programme
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Invalid
from frontline_feedback.models import Severity
from rnd.cycles.kinds import ServiceLevelSet
from rnd.cycles.models import ServiceLevel
from rnd.cycles.recipes import forget

LONGEST = 3650


@transaction.atomic
def set_service_level(
    *, actor: Actor, programme: Programme, severity: str, days: int | None, percent: int = 85
) -> ServiceLevel:
    """Add the service level that holds from now on; None days: nothing is promised. Earlier ones stay as its history.

    Raises Forbidden, and Invalid `service_level.severity`, `service_level.percent` or `service_level.days`.
    """
    actor.require("service_level.set", programme_id=programme.pk)
    if severity not in Severity.values:
        said = _("There is no severity “%(severity)s”. There are S1, S2, S3 and S4.") % {"severity": severity}
        raise Invalid("service_level.severity", said, field="severity")
    if not 1 <= percent <= 99:
        said = _("%(percent)d per cent cannot be promised. Name a whole number from 1 to 99.") % {"percent": percent}
        raise Invalid("service_level.percent", said, field="percent")
    if days is not None and not 1 <= days <= LONGEST:
        said = _("%(days)d days cannot be promised. Name a whole number from 1 to %(most)d, or none.")
        raise Invalid("service_level.days", said % {"days": days, "most": LONGEST}, field="days")
    Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    level = ServiceLevel.objects.create(
        programme=programme,
        severity=severity,
        percent=percent,
        days=days,
        set_by_id=actor.user_id,
        set_at=clock.now(),
    )
    record(
        ServiceLevelSet.model_validate({"severity": severity, "percent": percent, "days": days}),
        subject=programme,
        actor=actor,
    )
    transaction.on_commit(partial(forget, programme.pk))
    return level

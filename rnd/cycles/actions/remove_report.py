"""List a saved report no more."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Forbidden
from rnd.cycles.kinds import ReportRemoved
from rnd.cycles.models import SavedReport


@transaction.atomic
def remove_report(*, actor: Actor, saved: SavedReport) -> SavedReport:
    """Remove one's own saved report; the row and its link stay on record. Raises Forbidden `report.not_yours`."""
    actor.require("report.save")
    saved = SavedReport.objects.select_for_update().get(pk=saved.pk)
    if saved.owner_id != actor.user_id:
        raise Forbidden("report.not_yours", _("Only who saved a report can remove it."))
    if saved.removed_at is None:
        saved.removed_at = clock.now()
        saved.save(update_fields=["removed_at"])
        record(ReportRemoved(), subject=saved, actor=actor)
    return saved

"""Keep a report with its filters under a name, for oneself or shared by its link."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.reach import require_person
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Invalid
from rnd.cycles.kinds import ReportSaved
from rnd.cycles.models import SavedReport

LONGEST = 2000


@transaction.atomic
def save_report(
    *, actor: Actor, report: str, query: str, name: str, shared: bool, programmes: Collection[int]
) -> SavedReport:
    """Keep a report. Raises Forbidden, and Invalid `report.name_missing` or `report.query_too_long`."""
    require_person(actor, "report.save")
    if not name.strip():
        raise Invalid("report.name_missing", _("Give the report a name by which it is found again."), field="name")
    if len(query) > LONGEST:
        raise Invalid("report.query_too_long", _("These filters are too long to be kept."), field="query")
    assert actor.user_id is not None
    saved = SavedReport.objects.create(
        owner_id=actor.user_id,
        name=name.strip()[:120],
        report=report,
        query=query,
        shared=shared,
        programmes=sorted(programmes),
        saved_at=clock.now(),
    )
    record(ReportSaved(name=saved.name, report=report, shared=shared), subject=saved, actor=actor)
    return saved

"""Keep the figures of a report as they are now, under a link that never changes."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language

from foundation.accounts.actors import Actor
from foundation.accounts.reach import require_person
from foundation.journal import record
from rnd.cycles.documents import Document, without_links
from rnd.cycles.documents_json import to_wire
from rnd.cycles.kinds import ReportFrozen
from rnd.cycles.models import FrozenReport


@transaction.atomic
def freeze_report(
    *, actor: Actor, document: Document, beside: Document | None = None, query: str, programmes: Collection[int]
) -> FrozenReport:
    """Freeze a report, and what it is set beside; `programmes` are those of both.

    Ways to the tickets are left out, for what is behind them goes on changing.
    """
    require_person(actor, "report.save")
    assert actor.user_id is not None
    frozen = FrozenReport.objects.create(
        frozen_by_id=actor.user_id,
        report=document.report,
        query=query[:2000],
        document={
            **to_wire(without_links(document)),
            "beside": to_wire(without_links(beside)) if beside else None,
            "language": get_language() or settings.LANGUAGE_CODE,
        },
        programmes=sorted(programmes),
        frozen_at=document.as_of,
    )
    record(ReportFrozen(report=document.report), subject=frozen, actor=actor)
    return frozen

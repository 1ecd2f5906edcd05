"""Finds faults that came back: by the ancestry of the build that the new report names, never by version or date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from foundation.accounts.actors import SYSTEM
from foundation.kit.errors import DomainError
from frontline_feedback.models import Outcome, Ticket, Verdict
from releases.builds import build_of
from releases.models import Release
from rnd.engineering.models import TaskTicket
from rnd.loop.actions.note_regression import note_regression
from rnd.loop.fixes import fix_in


def look_for_regressions(report: Ticket, *, known_at: datetime) -> list[Ticket]:
    """Reopen the fixed tickets that this report shows to be back; gives them.

    Those are the ticket that it was merged into, and the earlier ones that a task of its own had fixed, if they were
    found fixed when this was known of the report: what was told before the team's verdict is not a fault come back,
    however late somebody looks.
    """
    release = seen_on(report)
    found = []
    for earlier in _earlier(report, known_at) if release else []:
        assert release is not None
        answer = fix_in(earlier, release)
        if answer.holds and note_regression(ticket=earlier, report=report, release=release, evidence=answer.reason):
            found.append(earlier)
    return found


def seen_on(report: Ticket) -> Release | None:
    """Give the release that the fault was seen on: the one it names, or the one its version text leads to."""
    if report.release is not None:
        return report.release
    try:
        return build_of(SYSTEM, report.component, report.version_text).release
    except DomainError:
        return None


def _earlier(report: Ticket, known_at: datetime) -> Iterator[Ticket]:
    verdicts = Verdict.objects.filter(ticket=OuterRef("pk"), pass_number=OuterRef("pass_number"))
    said = verdicts.filter(outcome=Verdict.Outcome.FIXED, recorded_at__lte=known_at)
    fixed = Ticket.objects.filter(Exists(said), outcome=Outcome.FIXED).exclude(pk=report.pk)
    tasks = TaskTicket.objects.filter(ticket=report.pk).values("task")
    same_work = Q(task_links__task__in=tasks, pk__lt=report.pk)
    yield from fixed.filter(Q(pk=report.canonical_id or 0) | same_work).distinct().order_by("pk")
